import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import { readers } from '../src/readers.ts'

const record = JSON.parse(
  readFileSync(new URL('../../../schemas/openstack/fixtures/dumps/api-image.json', import.meta.url), 'utf8'),
) as object

describe('readers', () => {
  /** Users who copy images from Hetzner may keep `os_flavor` as a property. The order of the readers must not matter. */
  it.each(['os_flavor', 'rapid_deploy'])(
    'do not read an image of Glance with the property %s as Hetzner’s',
    (property) => {
      for (const ordered of [readers, readers.toReversed()]) {
        const { items, rejected } = readDump({ ...record, [property]: 'debian' }, { readers: ordered })
        expect({
          providers: items.map(({ ref }) => ref.provider),
          rejected: rejected.map(({ issues }) => issues),
        }).toEqual({ providers: ['openstack'], rejected: [] })
      }
    },
  )
})
