import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import { openstackReader } from '../src/offline.ts'
import { readDocument } from './fixtures.ts'

describe('openstackReader', () => {
  /** `image_type` is a property, and lists omit properties, so its absence is not significant. `web-1 snapshot` is a snapshot. */
  it.each(['openstack-cli-6.0.0-image-list-long.json', 'openstack-cli-6.0.0-image-list.json'])(
    'reads the kind as unknown from %s',
    (file) => {
      const { items } = readDump(readDocument(file), { readers: [openstackReader] })
      expect(items.find(({ name }) => name === 'web-1 snapshot')?.kind).toBe('unknown')
    },
  )
})
