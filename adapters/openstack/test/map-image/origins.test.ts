import { describe, expect, it } from '@jest/globals'
import { toOrigins } from '../../src/map-image/origins.ts'

describe('toOrigins', () => {
  const server = { relation: 'created-from', kind: 'server', id: 's', name: null, url: null }
  const base = { relation: 'based-on', kind: 'image', id: 'i', name: null, url: null }
  const url = {
    relation: 'imported-from',
    kind: 'url',
    id: null,
    name: null,
    url: 'https://cloud.debian.org/a.qcow2',
  }

  it.each([
    [
      'all',
      { instance_uuid: 's', base_image_ref: 'i', image_source: 'https://cloud.debian.org/a.qcow2' },
      [server, base, url],
    ],
    ['a server', { instance_uuid: 's', base_image_ref: '' }, [server]],
    ['an image', { base_image_ref: 'i' }, [base]],
    ['nothing for SCS’s value private', { image_source: 'private' }, undefined],
    ['nothing for a name', { image_source: 'cloud.debian.org' }, undefined],
    ['nothing for empty and null', { instance_uuid: '', base_image_ref: null, image_source: '' }, undefined],
    ['nothing', {}, undefined],
  ])('returns %s', (_, wire, expected) => expect(toOrigins(wire)).toEqual(expected))
})
