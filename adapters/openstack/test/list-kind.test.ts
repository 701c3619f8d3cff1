import { expect, test } from '@jest/globals'
import { readDump } from '@imago/core'
import { openstackReader } from '../src/offline.ts'
import { documentOf } from './fixtures.ts'

/** `image_type` is a property, and lists print no properties: that it is not there says nothing. `web-1 snapshot` is a snapshot. */
test.each(['openstack-cli-6.0.0-image-list-long.json', 'openstack-cli-6.0.0-image-list.json'])(
  '%s does not say of what kind an image is',
  (file) => {
    const { items } = readDump(documentOf(file), { readers: [openstackReader] })
    expect(items.find(({ name }) => name === 'web-1 snapshot')?.kind).toBe('unknown')
  },
)
