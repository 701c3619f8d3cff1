import { describe, expect, it } from '@jest/globals'
import type { NewImage, Query } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { parseCursor, positionAfter, toCursor } from '../src/requests/cursor.ts'
import { imageFilters } from '../src/requests/image-query.ts'
import { listImagesRequest } from '../src/requests/images.ts'
import { importRequest, type ImportMethod, type ImportTarget } from '../src/requests/import.ts'
import { newImageRecord } from '../src/requests/new-image.ts'
import { toGibibytes, toMebibytes } from '../src/requests/size.ts'

const queries: readonly (readonly [Query, readonly (readonly [string, string])[] | null])[] = [
  [{}, []],
  [{ name: 'a:b' }, [['name', 'eq:a:b']]],
  [{ name: 'in:"a,b"' }, [['name', 'eq:in:"a,b"']]],
  // Not sent: Glance strips spaces, and an empty value means "no value".
  [{ name: ' a' }, []],
  [{ name: '' }, []],
  [{ name: '😀' }, []],
  [{ name: 'n'.repeat(256) }, []],
  [{ status: 'pending' }, [['status', 'in:queued,saving,uploading,importing']]],
  [{ status: 'available' }, [['status', 'active']]],
  [{ status: 'unavailable' }, [['status', 'deactivated']]],
  [{ status: 'failed' }, [['status', 'killed']]],
  [{ status: 'deleting' }, [['status', 'pending_delete']]],
  [{ status: 'unknown' }, []],
  [{ visibility: 'community' }, [['visibility', 'community']]],
  [
    { visibility: 'shared' },
    [
      ['visibility', 'shared'],
      ['member_status', 'all'],
    ],
  ],
  [{ visibility: 'unknown' }, []],
  [{ kind: 'backup' }, [['image_type', 'backup']]],
  // Volume snapshots have no image_type.
  [{ kind: 'snapshot' }, []],
  // Images without image_type are of kind image, so Glance cannot filter them.
  [{ kind: 'image' }, []],
  [{ kind: 'system' }, null],
  [{ labels: {} }, []],
  [{ labels: { any: true } }, null],
  [{ deprecated: false }, []],
  [{ deprecated: true }, null],
  [{ owner: 'p1' }, [['owner', 'p1']]],
  [{ tags: 'b' }, [['tag', 'b']]],
  [
    { tags: { all: ['b', 'a'] } },
    [
      ['tag', 'b'],
      ['tag', 'a'],
    ],
  ],
  [{ tags: ['b', 'a'] }, []],
  [{ tags: [] }, null],
  // Glance has no labels, so a condition on their absence matches all images.
  [{ labels: { any: false, other: { not: ['x'] } } }, []],
  [{ labels: [{ any: true }, { other: false }] }, []],
  [{ name: ['a:b', 'c,d'] }, [['name', 'in:"a:b","c,d"']]],
  [{ name: ['a"b', 'c'] }, []],
  [{ status: ['available', 'pending'] }, [['status', 'in:active,queued,saving,uploading,importing']]],
  [{ status: ['available', 'unknown'] }, []],
  [{ visibility: ['public', 'private'] }, []],
  [
    { visibility: ['private', 'shared'] },
    [
      ['visibility', 'all'],
      ['member_status', 'all'],
    ],
  ],
  [{ visibility: ['private', 'community'] }, [['visibility', 'all']]],
  [{ visibility: [] }, null],
  [{ kind: ['system', 'app'] }, null],
  [{ kind: ['system', 'snapshot'] }, []],
  [{ kind: [] }, null],
  [{ owner: ['p1', 'p2'] }, []],
  [{ newerThan: '2024-05-01T10:00:00.25Z' }, [['created_at', 'gt:2024-05-01T10:00:00Z']]],
  [
    { newerThan: ['2024-05-02T10:00:00Z', '2024-05-01T10:00:00Z'], olderThan: '2025-05-01T10:00:00Z' },
    [['created_at', 'gt:2024-05-01T10:00:00Z']],
  ],
  [{ olderThan: ['2024-05-02T10:00:00Z', '2024-05-01T10:00:00Z'] }, [['created_at', 'lt:2024-05-02T10:00:00Z']]],
  [{ olderThan: '2024-05-01T10:00:00Z' }, [['created_at', 'lt:2024-05-01T10:00:00Z']]],
  [{ olderThan: '2024-05-01T10:00:00.25Z' }, [['created_at', 'lt:2024-05-01T10:00:01Z']]],
  [{ olderThan: '2024-05-01T12:00:00+02:00' }, [['created_at', 'lt:2024-05-01T10:00:00Z']]],
  [{ olderThan: 'yesterday' }, []],
  // Filters that only core supports.
  [{ distro: 'ubuntu', version: '24.04', architecture: 'x86_64', description: 'd', text: 't', hidden: 'only' }, []],
]

describe('imageFilters', () => {
  it.each(queries)('for %j', (query, expected) => expect(imageFilters(query)).toEqual(expected))

  it('precede limit and marker in the query', () => {
    expect(
      listImagesRequest({
        filters: [
          ['tag', 'a'],
          ['tag', 'b'],
        ],
        limit: 5,
        marker: 'm',
      }).query,
    ).toEqual([
      ['tag', 'a'],
      ['tag', 'b'],
      ['limit', '5'],
      ['marker', 'm'],
    ])
  })
})

describe('cursors', () => {
  it('survive a round trip', () => {
    fc.assert(
      fc.property(fc.constantFrom('visible', 'hidden'), fc.uuid(), fc.array(fc.uuid()), (part, marker, ids) => {
        const position = positionAfter(part, marker, ids)
        expect(position.after[0]).toBe(marker)
        expect(parseCursor(toCursor(position))).toEqual(position)
      }),
    )
  })

  it.each(['', 'x', 'visible', 'visible:a/b', 'hidden:..', 'visible:1,2'])('are rejected: %j', (cursor) =>
    expect(parseCursor(cursor)).toBeNull(),
  )

  it('continue after the last images of a page, the last one first', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`)
    expect(positionAfter('visible', ids[8] ?? '', ids).after).toEqual([ids[8], ids[7], ids[6], ids[5]])
  })
})

describe('sizes', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2 ** 30, 1],
    [2 ** 30 + 1, 2],
    [-1, null],
    [NaN, null],
    [Infinity, null],
    [2 ** 61, 2 ** 31],
    [(2 ** 31 - 1) * 2 ** 30, 2 ** 31 - 1],
  ] as const)('are converted from %d bytes', (bytes, units) => {
    expect(toGibibytes(bytes)).toBe(units === 2 ** 31 ? null : units)
  })
  it('of memory are in MiB', () => expect(toMebibytes(2 ** 20 + 1)).toBe(2))
})

const newImage = (more: Partial<NewImage> = {}): NewImage => ({ name: 'n', diskFormat: 'qcow2', ...more })

describe('newImageRecord', () => {
  it('includes every field', () => {
    const request = newImage({
      containerFormat: 'ovf',
      architecture: 'aarch64',
      visibility: 'community',
      description: 'd',
      tags: ['a', 'a', 'b'],
      properties: { hw_disk_bus: 'scsi' },
      minDisk: 2 ** 30 + 1,
      minRam: 1,
    })
    expect(newImageRecord(request)).toEqual(
      E.right({
        name: 'n',
        disk_format: 'qcow2',
        container_format: 'ovf',
        architecture: 'aarch64',
        visibility: 'community',
        description: 'd',
        tags: ['a', 'b'],
        hw_disk_bus: 'scsi',
        min_disk: 2,
        min_ram: 1,
      }),
    )
  })

  it('omits fields without a value', () =>
    expect(newImageRecord(newImage())).toEqual(E.right({ name: 'n', disk_format: 'qcow2', container_format: 'bare' })))

  it.each<readonly [Partial<NewImage>, string]>([
    [{ labels: { env: 'prod' } }, 'Glance has no labels: cannot set env'],
    [{ properties: { status: 'active' } }, 'status is a field of Glance, not a property'],
    [{ properties: { os_glance_import_task: 'x' } }, 'os_glance_import_task is reserved by Glance'],
    [{ properties: { location: 'x' } }, 'location is reserved by Glance'],
    [
      { properties: { description: 'other' }, description: 'd' },
      'the description and the property description are the same field, but have different values: set only one',
    ],
    [{ properties: { '': 'x' } }, 'the name of a property must not be empty'],
    [{ minDisk: -1 }, 'invalid minDisk: -1'],
    [{ minRam: 2 ** 60 }, `invalid minRam: ${2 ** 60}`],
  ])('rejects %j', (more, why) => expect(newImageRecord(newImage(more))).toEqual(E.left(why)))

  it('accepts other property names', () => {
    const properties = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['properties', 'z'],
      ['os_hidden_x', '1'],
    ])
    const record = newImageRecord(newImage({ properties }))
    expect(E.isRight(record) && Object.entries(record.right)).toEqual(
      expect.arrayContaining(Object.entries(properties)),
    )
  })
})

// glance: api-ref/source/v2/samples/image-import-*.json
const imports: readonly (readonly [ImportMethod, ImportTarget | undefined, unknown])[] = [
  [
    { name: 'glance-direct' },
    { stores: ['fast'], allStoresMustSucceed: false },
    { method: { name: 'glance-direct' }, stores: ['fast'], all_stores_must_succeed: false },
  ],
  [
    { name: 'web-download', uri: 'https://a/b' },
    { allStores: true, allStoresMustSucceed: true },
    { method: { name: 'web-download', uri: 'https://a/b' }, all_stores: true, all_stores_must_succeed: true },
  ],
  [
    { name: 'copy-image' },
    { stores: ['cheap'], allStores: false },
    { method: { name: 'copy-image' }, stores: ['cheap'], all_stores: false },
  ],
  [
    { name: 'glance-download', imageId: 'i', region: 'REGION2', interface: 'public' },
    undefined,
    {
      method: {
        name: 'glance-download',
        glance_image_id: 'i',
        glance_region: 'REGION2',
        glance_service_interface: 'public',
      },
    },
  ],
  // openstacksdk omits region and image if no interface is given.
  [
    { name: 'glance-download', imageId: 'i', region: 'REGION2' },
    undefined,
    { method: { name: 'glance-download', glance_image_id: 'i', glance_region: 'REGION2' } },
  ],
]

describe('requests of Glance and Keystone', () => {
  it.each(imports)('imports with %j to %j', (method, target, body) =>
    expect(importRequest('i', method, target).body).toEqual({ kind: 'json', value: body }),
  )
})
