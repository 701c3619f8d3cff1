import { describe, expect, it } from '@jest/globals'
import { perform } from '@imago/core/provider'
import { createOpenstackSource } from '../../../src/index.ts'
import { getError } from '../../get-error.ts'
import { ACTIVE, dataServer, hexDigest, ID, QUEUED } from '../../local-data.ts'
import { bytesAt, read, chunked } from './reading.ts'

describe('unavailable data', () => {
  it.each([
    [QUEUED, { _tag: 'Conflict', what: `image ${ID} has no data: it is queued` }],
    [{ ...ACTIVE, status: 'saving' }, { _tag: 'Conflict' }],
    [
      { ...ACTIVE, status: 'deactivated' },
      { _tag: 'Forbidden', reason: 'deactivated' },
    ],
  ])('are reported from the record', async (record, expected) => {
    const server = await dataServer(() => record, chunked())
    expect(await getError(perform(createOpenstackSource(server.options), 'download', ID))).toMatchObject(expected)
    expect(server.seen.map(({ path }) => path)).toEqual([`/v2/images/${ID}`])
  })

  it('are reported on opening: no data, deactivated, deleted', async () => {
    for (const [status, message, expected] of [
      [204, '', { _tag: 'Conflict' }],
      [
        403,
        'The requested image has been deactivated. Image data download is forbidden.',
        { _tag: 'Forbidden', reason: 'deactivated' },
      ],
      [404, 'No image found', { _tag: 'NotFound' }],
    ] as const) {
      const server = await dataServer(
        () => ACTIVE,
        (_, response) =>
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(status === 204 ? undefined : JSON.stringify({ message })),
      )
      expect(await getError((await bytesAt(server)).open())).toMatchObject({ ...expected, operation: 'download' })
    }
  })

  it('do not include an empty image', async () => {
    const none = Buffer.alloc(0)
    const record = { ...ACTIVE, size: 0, checksum: hexDigest('md5', none), os_hash_value: hexDigest('sha512', none) }
    const source = await bytesAt(await dataServer(() => record, chunked(none)))
    expect(source.size).toBe(0)
    expect(await read(source)).toEqual({ bytes: none, error: null })
  })
})
