import { expect, test } from '@jest/globals'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { readDump } from '@imago/core'
import { openstackReader } from '../src/offline.ts'
import { recordsIn } from './fixtures.ts'

/** A property may have any name: whoever copies images from Hetzner keeps `os_flavor`. Which reader comes first must not matter. */
test.each(['os_flavor', 'rapid_deploy'])('a property called %s makes no image Hetzner’s', (property) => {
  const record = { ...recordsIn('api-image.json')[0], [property]: 'debian' }
  for (const readers of [
    [openstackReader, hetznerReader],
    [hetznerReader, openstackReader],
  ]) {
    const { items, rejected } = readDump(record, { readers })
    expect({ providers: items.map(({ ref }) => ref.provider), rejected: rejected.map(({ issues }) => issues) }).toEqual(
      { providers: ['openstack'], rejected: [] },
    )
  }
})
