import { describe, expect, it } from '@jest/globals'
import { createByteSource, createErrorSite, type ImageResult } from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { Readable } from 'node:stream'
import type { RescueServer } from '../../src/rescue/rescue-server.ts'
import { readVerified } from '../../src/rescue/read-disk.ts'
import type { Shell } from '../../src/rescue/ssh-shell.ts'
import { writeVerified } from '../../src/rescue/write-disk.ts'
import { getError, getValue } from '../local-api.ts'
import { sha512, thrownBy } from './transferring.ts'

const BYTES = Buffer.from('some bytes of a disk')
const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'createFromBytes')

/** A server whose disk has these digests in order, whatever is written. */
const helperWith = (
  ...digests: readonly string[]
): { readonly helper: RescueServer; readonly writes: readonly string[] } => {
  const writes: string[] = []
  const left = [...digests]
  const answer = async (line: string, input: AsyncIterable<Uint8Array> | undefined): Promise<string> => {
    for await (const _ of input ?? []) continue
    if (line.includes('getsize64')) return '1000000\n'
    if (line.includes('sha512sum')) return `${left.shift() ?? ''}  -\n`
    if (line.includes('dd of=')) writes.push(line)
    return line.includes('command -v') ? 'gzip\n' : ''
  }
  const shell: Shell = {
    hostKey: 'SHA256:x',
    run: ({ line, input }) => TE.fromTask(() => answer(line, input)),
    stream: () => Promise.resolve(Object.assign(Readable.from([BYTES]), { ended: Promise.resolve(null) })),
    close: () => undefined,
  }
  const runOverSsh = <A>(_: number, work: (open: Shell, attempt: number) => ImageResult<A>): ImageResult<A> =>
    work(shell, 1)
  return {
    helper: {
      id: 42,
      name: 'imago-r1-0',
      runOverSsh,
      disconnect: () => undefined,
      deleteAll: () => Promise.resolve([]),
    },
    writes,
  }
}

describe('writeVerified, if the digest of the disk differs', () => {
  const write = (helper: RescueServer) =>
    writeVerified({
      site,
      helper,
      bytes: createByteSource(BYTES),
      size: BYTES.length,
      signal: undefined,
      onProgress: undefined,
      onStep: () => undefined,
    })

  it('writes the disk again, with its holes', async () => {
    const { helper, writes } = helperWith('0'.repeat(128), sha512(BYTES))
    await getValue(write(helper))
    expect(writes.map((line) => line.includes('conv=sparse'))).toEqual([true, false])
  })

  it('fails if it differs again', async () => {
    const { helper, writes } = helperWith('0'.repeat(128), 'f'.repeat(128))
    expect(await getError(write(helper))).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: `sha512:${sha512(BYTES)}`,
      actual: `sha512:${'f'.repeat(128)}`,
    })
    expect(writes.length).toBe(2)
  })
})

describe('digests of rescue transfers', () => {
  it('readVerified throws if the digest of the disk differs from that of the received bytes', async () => {
    const drain = async (helper: RescueServer): Promise<Buffer> => {
      const chunks: Uint8Array[] = []
      for await (const chunk of readVerified({
        site,
        helper,
        range: { start: 0, length: BYTES.length },
        compressor: null,
        signal: undefined,
      }))
        chunks.push(chunk)
      return Buffer.concat(chunks)
    }
    expect((await drain(helperWith(sha512(BYTES)).helper)).equals(BYTES)).toBe(true)
    expect(await thrownBy(drain(helperWith('0'.repeat(128)).helper))).toMatchObject({
      _tag: 'IntegrityFailed',
      actual: `sha512:${sha512(BYTES)}`,
    })
  })
})
