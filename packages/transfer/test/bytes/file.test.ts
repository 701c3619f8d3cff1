import { ImageException, type ByteSource, type ImageError } from '@imago/core'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileSource } from '../../src/bytes/file.ts'
import { gathered, readOutcome, pattern, SITE } from './chunks.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imago-file-'))
})
afterAll(() => rm(directory, { recursive: true }))

const opened = async (path: string): Promise<ByteSource> => {
  const answer = await fileSource(path, SITE)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

const unitToBytes = async (source: ByteSource, range?: { start: number; end: number | null }): Promise<Buffer> => {
  const answer = await source.open(range)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return gathered(answer.right)
}

const toError = (answer: E.Either<ImageError, unknown>): ImageError | null => (E.isLeft(answer) ? answer.left : null)

const openFiles = (): number => readdirSync('/proc/self/fd').length

describe('fileSource', () => {
  it('returns any range each time it is opened', async () => {
    const bytes = pattern(700_001)
    const path = join(directory, 'ranges')
    await writeFile(path, bytes)
    const source = await opened(path)
    expect(source.size).toBe(bytes.length)
    expect((await unitToBytes(source)).equals(bytes)).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.option(fc.nat(bytes.length * 2)), async (start, more) => {
        const end = more === null ? null : start + more
        expect((await unitToBytes(source, { start, end })).equals(bytes.subarray(start, end ?? undefined))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('returns no bytes for an empty file', async () => {
    const path = join(directory, 'empty')
    await writeFile(path, '')
    expect(await unitToBytes(await opened(path))).toHaveLength(0)
  })

  it('refuses a range outside the file', async () => {
    const path = join(directory, 'short')
    await writeFile(path, 'abc')
    const source = await opened(path)
    for (const range of [
      { start: 4, end: null },
      { start: 2, end: 1 },
      { start: -1, end: 2 },
    ])
      expect(toError(await source.open(range)())).toMatchObject({ _tag: 'Rejected' })
  })

  it('reports why a file cannot be read', async () => {
    await mkdir(join(directory, 'folder'))
    execFileSync('mkfifo', [join(directory, 'pipe')])
    await symlink(join(directory, 'nowhere'), join(directory, 'dangling'))
    expect(toError(await fileSource(join(directory, 'missing'), SITE)())).toMatchObject({
      _tag: 'NotFound',
      what: expect.stringContaining('missing'),
    })
    expect(toError(await fileSource(join(directory, 'dangling'), SITE)())).toMatchObject({ _tag: 'NotFound' })
    expect(toError(await fileSource(join(directory, 'folder'), SITE)())).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('a directory'),
    })
    expect(toError(await fileSource(join(directory, 'pipe'), SITE)())).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('not a regular file'),
    })
  })

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'x')],
    ['shrinks', (path) => truncate(path, 5)],
    ['is written again', (path) => utimes(path, 1, 1)],
    [
      'is replaced',
      async (path) => {
        await writeFile(`${path}.new`, pattern(1000))
        await rename(`${path}.new`, path)
      },
    ],
  ])('returns Conflict for a file that %s before it is opened again', async (name, change) => {
    const path = join(directory, `changes-${name}`)
    await writeFile(path, pattern(1000))
    const source = await opened(path)
    expect(await unitToBytes(source)).toHaveLength(1000)
    await change(path)
    expect(toError(await source.open()())).toMatchObject({
      _tag: 'Conflict',
      what: expect.stringContaining('has changed'),
    })
  })

  it('refuses a file that became a pipe without waiting', async () => {
    const path = join(directory, 'becomes-pipe')
    await writeFile(path, 'abc')
    const source = await opened(path)
    await rm(path)
    execFileSync('mkfifo', [path])
    expect(toError(await source.open()())).toMatchObject({ _tag: 'Conflict' })
  })

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'x')],
    ['shrinks', (path) => truncate(path, 300_000)],
  ])('returns Conflict for a file that %s while it is read', async (name, change) => {
    const path = join(directory, `while-${name}`)
    await writeFile(path, pattern(600_000))
    const answer = await (await opened(path)).open()()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    const iterator = answer.right[Symbol.asyncIterator]()
    await iterator.next()
    await change(path)
    const { thrown } = await readOutcome({ [Symbol.asyncIterator]: () => iterator })
    expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({ _tag: 'Conflict' })
  })

  it('closes the file when left early, even before the first chunk', async () => {
    const path = join(directory, 'left')
    await writeFile(path, pattern(900_000))
    const source = await opened(path)
    const before = openFiles()
    for (let times = 0; times < 5; times += 1) {
      const answer = await source.open()()
      if (E.isLeft(answer)) throw new ImageException(answer.left)
      if (times % 2 === 0) await answer.right[Symbol.asyncIterator]().return?.()
      else for await (const _chunk of answer.right) break
    }
    expect(openFiles()).toBe(before)
  })

  it('stops when the signal is aborted, before opening and between chunks', async () => {
    const path = join(directory, 'aborted')
    await writeFile(path, pattern(900_000))
    const source = await opened(path)
    expect(toError(await source.open(undefined, AbortSignal.abort())())).toMatchObject({ _tag: 'Aborted' })
    const controller = new AbortController()
    const answer = await source.open(undefined, controller.signal)()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    const iterator = answer.right[Symbol.asyncIterator]()
    await iterator.next()
    controller.abort()
    const { got, thrown } = await readOutcome({ [Symbol.asyncIterator]: () => iterator })
    expect(got).toHaveLength(0)
    expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({ _tag: 'Aborted' })
  })
})
