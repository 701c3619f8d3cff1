import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createErrorSite, ImageException, integrityFailed } from '@imago/core'
import { createChunkPool } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createGrowingFile, type GrowingFile } from '../../src/bytes/growing-file.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-growing-'))))
const readers: AsyncIterator<Uint8Array>[] = []
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.return?.()
  rmSync(dir, { recursive: true, force: true })
})

const site = createErrorSite({ provider: 'imago', cloud: null }, 'transfer')
const CHUNK = 4
const create = (size: number): GrowingFile => createGrowingFile(size, createChunkPool(CHUNK), site)

const read = async ({ bytes }: GrowingFile, signal?: AbortSignal): Promise<AsyncIterator<Uint8Array>> => {
  const opened = await bytes.open(undefined, signal)()
  if (E.isLeft(opened)) throw new ImageException(opened.left)
  const reader = opened.right[Symbol.asyncIterator]()
  readers.push(reader)
  return reader
}
const nextText = async (reader: AsyncIterator<Uint8Array>): Promise<string | null> => {
  const { done, value } = await reader.next()
  return done === true ? null : Buffer.from(value as Uint8Array).toString()
}
/** Whether a promise is settled after all work in memory and on the disk that has been started. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  const note = (): void => void (settled = true)
  promise.then(note, note)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  return settled
}

describe('createGrowingFile', () => {
  it('returns chunks once they are written, and the last one once the writer has ended', async () => {
    const path = join(dir, 'file')
    const file = create(10)
    const opening = read(file)
    expect(await isSettled(opening)).toBe(false)
    writeFileSync(path, 'abcdef')
    file.begin(path, 6)
    const reader = await opening
    expect(await nextText(reader)).toBe('abcd')
    const second = nextText(reader)
    expect(await isSettled(second)).toBe(false)
    appendFileSync(path, 'ghij')
    file.grow(10)
    expect(await second).toBe('efgh')
    const last = nextText(reader)
    expect(await isSettled(last)).toBe(false)
    file.end(null)
    expect(await last).toBe('ij')
    expect(await nextText(reader)).toBeNull()
  })

  it('throws the error of the writer instead of the last chunk', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, 'abcdefgh')
    const file = create(8)
    file.begin(path, 8)
    const reader = await read(file)
    expect(await nextText(reader)).toBe('abcd')
    const last = nextText(reader)
    const error = integrityFailed(site, { what: 'wrong', expected: 'a', actual: 'b' })
    file.end(error)
    await expect(last).rejects.toMatchObject({ error })
  })

  it('fails those who read when the writer starts again', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, 'abcdef')
    const file = create(8)
    file.begin(path, 6)
    const reader = await read(file)
    expect(await nextText(reader)).toBe('abcd')
    const second = nextText(reader)
    truncateSync(path, 0)
    file.begin(path, 0)
    await expect(second).rejects.toMatchObject({ error: { _tag: 'Unavailable' } })
    writeFileSync(path, 'ABCDEFGH')
    file.grow(8)
    file.end(null)
    const another = await read(file)
    expect(await nextText(another)).toBe('ABCD')
  })

  it('returns zeros for a hole that the file still lacks at its end', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, 'ab')
    const file = create(8)
    file.begin(path, 8)
    file.end(null)
    const reader = await read(file)
    expect(await nextText(reader)).toBe('ab\0\0')
    expect(await nextText(reader)).toBe('\0\0\0\0')
  })

  it('stops waiting when the signal is aborted', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, '')
    const file = create(8)
    file.begin(path, 0)
    const controller = new AbortController()
    const reader = await read(file, controller.signal)
    const first = nextText(reader)
    controller.abort()
    await expect(first).rejects.toMatchObject({ error: { _tag: 'Aborted' } })
  })

  it('cannot be opened if nothing was ever written', async () => {
    const file = create(8)
    const opening = file.bytes.open()()
    file.end(null)
    expect(await opening).toMatchObject({ left: { _tag: 'Unavailable' } })
  })
})
