import { configInvalid, ImageException, createErrorSite } from '@imago/core'
import { inspectSource, maskUrl, urlSource, type RunOptions, type UrlBytes, type UrlOptions } from '@imago/transfer'
import { addUrlSecrets } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { EXIT } from '../exit-code.ts'
import { findProxies } from 'imago/transport'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import { secrets } from '../output/mask.ts'
import { Problem } from '../problem.ts'
import { VERSION } from '../version.ts'
import type { UrlFacts } from './gather.ts'
import type { ReadUrl } from './source-digests.ts'

/** Opens a URL of a plan, in which secrets are masked. */
export type OpenUrl = NonNullable<RunOptions['openUrl']>

/** Access to the URLs of the command line. Plans and journals contain them without their secrets. */
export interface Urls {
  readonly facts: UrlFacts
  readonly open: OpenUrl
  readonly read: ReadUrl
}

const SITE = createErrorSite({ provider: 'url', cloud: null }, 'read')

/** The maximum bytes to read from a URL for a plan. */
const LOOK_BYTES = 4 * 2 ** 20

const isUrl = (word: string): boolean => /^https?:\/\//i.test(word)

/** Indexes URLs by their masked form, which plans contain and which must be unambiguous. */
const indexByMask = (urls: readonly string[]): ReadonlyMap<string, string> => {
  const known = new Map<string, string>()
  for (const url of urls) {
    const masked = maskUrl(url)
    if ((known.get(masked) ?? url) !== url)
      throw new Problem(
        `two URLs differ only in their queries, which plans do not store: ${masked}. Transfer one at a time`,
        EXIT.usage,
      )
    known.set(masked, url)
  }
  return known
}

/** Reads at most `most` bytes, because a server may send endless data. */
const readAll = async ({ bytes, finalUrl }: UrlBytes, maxBytes: number): Promise<Uint8Array> => {
  const opened = await bytes.open()()
  if (E.isLeft(opened)) throw toProblem(opened.left)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of opened.right) {
      size += chunk.length
      if (size > maxBytes)
        throw new Problem(`not a digest file: ${finalUrl} is larger than ${maxBytes} bytes`, EXIT.usage)
      chunks.push(chunk)
    }
  } catch (thrown) {
    throw ImageException.is(thrown) ? toProblem(thrown.error) : thrown
  }
  return Buffer.concat(chunks, size)
}

/** Creates access to URLs. `words`: the arguments; those that are not URLs are ignored. */
export const createUrls = (
  { signal, timing }: Pick<LiveContext, 'signal' | 'timing'>,
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Urls => {
  const urls = words.filter(isUrl)
  for (const url of urls) addUrlSecrets(secrets, url)
  const known = indexByMask(urls)
  const options: UrlOptions = { site: SITE, signal, proxy: findProxies(env), userAgent: `imago/${VERSION}`, timing }
  const opened = (url: string): TE.TaskEither<Parameters<typeof toProblem>[0], UrlBytes> => urlSource(url, options)
  return {
    facts: async (url, inspection) => {
      const response = await opened(url)()
      if (E.isLeft(response)) throw toProblem(response.left)
      const { bytes, etag, contentType, ranges, finalUrl } = response.right
      const looked = await inspectSource(bytes, {
        ...inspection,
        site: SITE,
        isSeekable: ranges,
        maxBytes: LOOK_BYTES,
        signal,
      })
      // A network error is not final: the run inspects the bytes again.
      return {
        size: bytes.size,
        etag,
        contentType,
        finalUrl,
        facts: E.isRight(looked) && looked.right.refusal === null ? looked.right : null,
      }
    },
    read: async (url, maxBytes) => {
      const response = await opened(url)()
      if (E.isLeft(response)) throw toProblem(response.left)
      return readAll(response.right, maxBytes)
    },
    open: (masked) => {
      const url = known.get(masked) ?? (masked.includes('…') ? null : masked)
      if (url === null)
        return TE.left(
          configInvalid(SITE, {
            what: `the plan does not store the query or user of ${masked}`,
            hint: 'Pass the complete URL: --url',
          }),
        )
      return opened(url)
    },
  }
}
