import type { Issue } from '@imago/codec'
import type { BodyReader, ReadRecords } from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/** The elements of a list or a page, decoded. */
export interface Listed<A> extends ReadRecords<A> {
  /** The `marker` of the next page; `null` on the last page. */
  readonly marker: string | null
}

/** The elements of a list or a page, not decoded. */
export interface Records extends Pick<Listed<unknown>, 'marker'> {
  readonly records: readonly unknown[]
}

const decodeQueryValue = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/**
 * Reads only the marker from the link to the next page: the server builds the link's path, and drops all but one of repeated query keys.
 * glance: glance/api/v2/images.py, ResponseSerializer.index.
 */
const readMarker = (next: unknown): E.Either<readonly Issue[], string | null> => {
  if (next === undefined || next === null) return E.right(null)
  const marker = typeof next === 'string' ? decodeQueryValue(/[?&]marker=([^&#]*)/.exec(next)?.[1] ?? '') : null
  return marker === null || marker === ''
    ? E.left([
        {
          pointer: '/next',
          expected: 'a link with a marker',
          got: typeof next === 'string' ? 'one without' : typeof next,
        },
      ])
    : E.right(marker)
}

/** The link to the next page: `next` in Glance, `servers_links` in Nova, `volumes_links` in Cinder. */
const findNext = (envelope: Readonly<Record<string, unknown>>, key: string): unknown => {
  const links = envelope[`${key}_links`]
  const link = Array.isArray(links)
    ? (links as readonly unknown[]).find((one) => (one as { readonly rel?: unknown } | null)?.rel === 'next')
    : undefined
  return link === undefined ? envelope['next'] : (link as { readonly href?: unknown }).href
}

/** Creates a reader for pages of the elements under `key`. */
export const readPage =
  (key: string): BodyReader<Records> =>
  (body) => {
    const envelope = (body ?? {}) as Readonly<Record<string, unknown>>
    const elements = Object.hasOwn(envelope, key) ? envelope[key] : undefined
    if (!Array.isArray(elements))
      return E.left([
        { pointer: `/${key}`, expected: 'a list', got: elements === undefined ? 'nothing' : typeof elements },
      ])
    return pipe(
      readMarker(findNext(envelope, key)),
      E.map((marker) => ({ records: elements as readonly unknown[], marker })),
    )
  }
