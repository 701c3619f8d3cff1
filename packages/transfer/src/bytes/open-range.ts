import { aborted, conflict, ImageException, rejected, type ByteRange, type ImageError } from '@imago/core'
import { imageBytes, decodeContent, parseContentRange } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { cutResponse } from './cut-response.ts'
import { type Version, foreignCodings, toVersion, hasChanged, rangeHeaders, isNewlyCoded } from './file-version.ts'
import { dismiss, type Arrival } from './follow.ts'
import { maskUrl } from './mask-url.ts'
import { toSpan } from './range.ts'
import { toIterable } from './to-iterable.ts'
import { type UrlOptions, createSession } from './url-session.ts'

/** Errors that may concern only the redirect target, such as a removed mirror or an expired link. */
const isGone = (error: ImageError): boolean =>
  error._tag === 'NotFound' || error._tag === 'Forbidden' || error._tag === 'Unauthorized' || error._tag === 'Rejected'

/** The first response for a file, and what it says about the file. */
export interface KnownFile {
  readonly start: URL
  readonly arrival: Arrival
  readonly version: Version
}

/** Requests a range of a known file. */
export const openRange = async (
  { start, arrival, version }: KnownFile,
  range: ByteRange | undefined,
  options: UrlOptions,
): Promise<E.Either<ImageError, AsyncIterable<Uint8Array>>> => {
  const { site, signal } = options
  if (signal?.aborted === true) return E.left(aborted(site))
  const spanned = toSpan(range, version.size, site)
  if (E.isLeft(spanned)) return spanned
  const span = spanned.right
  if (span.start === span.end) return E.right(toIterable({ next: async () => null, close: async () => undefined }))
  const session = createSession(options)
  const fail = (error: ImageError): E.Either<ImageError, never> => {
    session.close()
    return E.left(error)
  }
  const ask = async (headers: Readonly<Record<string, string>>): Promise<E.Either<ImageError, Arrival>> => {
    const result = await session.ask(arrival.url, headers, arrival.scope, signal, () => false)
    return E.isLeft(result) && isGone(result.left) && arrival.url.href !== start.href
      ? session.ask(start, headers, arrival.firstScope, signal, () => false)
      : result
  }
  let result = await ask(rangeHeaders(span, version))
  if (E.isRight(result) && result.right.response.status === 206 && isNewlyCoded(version, result.right)) {
    // A part of the compressed file cannot be distinguished from a separately compressed part.
    dismiss(result.right.response)
    result = await ask({})
  }
  if (E.isLeft(result)) return fail(result.left)
  const { response, url } = result.right
  if (response.kind !== 'stream')
    return fail(rejected(site, { what: `${maskUrl(url)} does not return the file`, hint: 'Check the URL' }))
  const refuse = (error: ImageError): E.Either<ImageError, never> => {
    dismiss(response)
    return fail(error)
  }
  const mayBeCoded = version.isCoded || isNewlyCoded(version, result.right)
  const sent = toVersion(result.right)
  if (hasChanged(version, mayBeCoded ? { ...sent, size: null } : sent))
    return refuse(
      conflict(site, {
        what: `the file at ${maskUrl(url)} has changed since it was first requested`,
        hint: 'Create a new plan',
        remedy: 'new-plan',
      }),
    )
  const at =
    response.status === 206 ? (parseContentRange(response.headers)?.start ?? null) : response.status === 200 ? 0 : null
  if (at === null || at > span.start)
    return refuse(
      rejected(site, {
        what: `${maskUrl(url)} returns another range than requested (HTTP ${response.status})`,
        hint: 'Download the file by other means, and use its path',
      }),
    )
  try {
    const bytes = mayBeCoded
      ? (await decodeContent(imageBytes(response.bytes, site), foreignCodings(result.right), site)).bytes
      : imageBytes(response.bytes, site)
    return E.right(cutResponse(bytes, at, span, version.size, maskUrl(url), site, session.close))
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return refuse(thrown.error)
  }
}
