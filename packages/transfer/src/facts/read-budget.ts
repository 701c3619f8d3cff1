import { ImageException, type ByteSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TarInput } from '../archive/tar-input.ts'
import type { InspectSourceOptions } from './inspect-source-options.ts'

/** Enough for the header of each format. */
export const HEAD_BYTES = 4 * 2 ** 20

export const FIRST_BYTES = 64 * 1024

/** Thrown when the budget is used up. */
export class BudgetSpent extends Error {}

export const limitInput = (input: TarInput, budget: number, isSeekable: boolean): TarInput => {
  let left = budget
  const spend = (bytes: number): void => {
    left -= bytes
    if (left < 0) throw new BudgetSpent()
  }
  return {
    take: (length) => {
      spend(length)
      return input.take(length)
    },
    // Skipping by seeking costs one request, about as much as reading a window.
    skip: (length) => {
      spend(isSeekable ? Math.min(length, FIRST_BYTES) : length)
      return input.skip(length)
    },
    close: input.close,
  }
}

/** Reads the first bytes of a stream, at most `maxBytes`. An error after the first chunk ends the bytes. */
export const readFirst = async (bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= maxBytes) break
    }
  } catch (thrown) {
    if (length === 0 || !(ImageException.is(thrown) || thrown instanceof BudgetSpent)) throw thrown
  }
  return Buffer.concat(chunks).subarray(0, maxBytes)
}

export const openBytes = async (
  bytes: ByteSource,
  signal: InspectSourceOptions['signal'],
  end: number | null = null,
): Promise<AsyncIterable<Uint8Array>> => {
  const opened = await bytes.open({ start: 0, end }, signal)()
  if (E.isLeft(opened)) throw new ImageException(opened.left)
  return opened.right
}
