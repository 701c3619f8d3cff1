import { createErrorSite } from '@imago/core'
import type { RequestBody } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { readFile, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { toProblem } from '../live-problem.ts'
import { fileProblem } from '../problem.ts'

/** Larger bodies are streamed. */
const SMALL = 1024 * 1024

async function* chained(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first
  for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value
}

/** Reads the start of a stream, so that a short body has a length and can be sent again. */
const readStream = async (stream: Readable): Promise<RequestBody> => {
  const iterator = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= SMALL) {
    const step = await iterator.next()
    if (step.done === true) return { kind: 'bytes', bytes: Buffer.concat(chunks) }
    chunks.push(step.value)
    size += step.value.length
  }
  return {
    kind: 'stream',
    size: null,
    isReopenable: false,
    open: () => TE.fromEither(E.right(chained(chunks, iterator))),
  }
}

/** The content of a file as a body; `-`: standard input. */
export const readBody = async (file: string): Promise<RequestBody> => {
  if (file === '-') return readStream(process.stdin)
  const failed = (error: unknown): never => {
    throw fileProblem('read', file, error)
  }
  const info = await stat(file).catch(failed)
  if (!info.isFile() || info.size <= SMALL) return { kind: 'bytes', bytes: await readFile(file).catch(failed) }
  const { fileSource } = await import('@imago/transfer')
  const source = await fileSource(file, createErrorSite({ provider: 'imago', cloud: null }, 'api'))()
  if (E.isLeft(source)) throw toProblem(source.left)
  return { kind: 'stream', ...source.right, isReopenable: true }
}
