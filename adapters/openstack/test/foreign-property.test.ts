import { describe, expect, it } from '@jest/globals'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { readDump } from '@imago/core'
import { openstackReader } from '../src/offline.ts'
import { recordsIn } from './fixtures.ts'

describe('properties of other clouds', () => {
  /** Users who copy images from Hetzner may keep `os_flavor` as a property. The order of the readers must not matter. */
  it.each(['os_flavor', 'rapid_deploy'])('does not read an image with the property %s as Hetzner’s', (property) => {
    const record = { ...recordsIn('api-image.json')[0], [property]: 'debian' }
    for (const readers of [
      [openstackReader, hetznerReader],
      [hetznerReader, openstackReader],
    ]) {
      const { items, rejected } = readDump(record, { readers })
      expect({
        providers: items.map(({ ref }) => ref.provider),
        rejected: rejected.map(({ issues }) => issues),
      }).toEqual({ providers: ['openstack'], rejected: [] })
    }
  })
})
