import { readBody, readRecords, type BodyReader, type ReadRecords, type RecordReader } from '@imago/provider-kit/live'
import type { HetznerPagination } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'

/** A page of a list. */
export interface HetznerPage<A> extends ReadRecords<A> {
  /** Empty where the response has no pagination. */
  readonly pagination: HetznerPagination
}

type PageEnvelope<K extends string> = Readonly<Record<K, readonly unknown[]>> & {
  readonly meta?: { readonly pagination?: HetznerPagination | null | undefined } | null | undefined
}

/** Reads a page of the records under `key`. */
export const readPage = <K extends string, P extends PageEnvelope<K>, A>(
  page: t.Type<P>,
  key: K,
  read: RecordReader<A>,
): BodyReader<HetznerPage<A>> => {
  const open = readBody(page)
  return (body) =>
    pipe(
      open(body),
      E.map((opened) => ({ ...readRecords(opened[key], key, read), pagination: opened.meta?.pagination ?? {} })),
    )
}
