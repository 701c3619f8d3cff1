import { describe, expect, it } from '@jest/globals'
import type { JsonObject } from '@imago/core/provider'
import { toKind, toVisibility, toVolumeSnapshotKind } from '../../src/map-image/kind.ts'
import { recordedAnswer } from '../compute-recordings.ts'
import { readField } from './reading.ts'

describe('mapping of Glance images: kind', () => {
  it.each([
    ['public', 'public'],
    ['private', 'private'],
    ['shared', 'shared'],
    ['community', 'community'],
    ['unlisted', 'unknown'],
    ['constructor', 'unknown'],
    [null, null],
    [undefined, undefined],
  ])('toVisibility(%p) returns %p', (visibility, expected) => expect(toVisibility(visibility)).toBe(expected))

  it.each([
    ['snapshot', 'snapshot'],
    ['backup', 'backup'],
    ['image', 'image'],
    ['template', 'unknown'],
    ['toString', 'unknown'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toKind(%p) returns %p', (imageType, expected) => expect(toKind(imageType)).toBe(expected))

  it('an image without image_type is assumed not to be a snapshot', () => {
    expect(readField({ status: 'active', schema: '/v2/schemas/image' }, 'kind')).toEqual(['image', 'assumed'])
    expect(readField({ image_type: 'snapshot' }, 'kind')).toEqual(['snapshot', 'declared'])
    expect(readField({ image_type: 'template' }, 'kind')).toEqual(['unknown', 'declared'])
  })

  it.each(['zed', '2026.2'] as const)('infers a snapshot from disks that are volume snapshots (%s)', (release) => {
    const { body } = recordedAnswer('glance-image-vol-1-snap', release)
    expect(readField(body as JsonObject, 'kind')).toEqual(['snapshot', 'inferred'])
  })

  it.each([
    ['[{"snapshot_id": null, "image_id": "1"}]', undefined],
    ['[{"snapshot_id":"1"}]', 'snapshot'],
    ['"snapshot_id": "', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toVolumeSnapshotKind(%p) returns %p', (mapping, expected) => expect(toVolumeSnapshotKind(mapping)).toBe(expected))
})
