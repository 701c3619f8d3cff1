import { configInvalid, siteOf } from '@imago/core'
import { maskedUrl, urlSource, type RunOptions, type UrlBytes, type UrlOptions } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { proxiesOf } from '../connect/proxies.ts'
import type { LiveContext } from '../live.ts'
import { problemOf } from '../live-problem.ts'
import { version } from '../version.ts'
import type { UrlFacts } from './gather.ts'

/** Opens a URL of a plan again, where its secrets are known. */
export type OpenUrl = NonNullable<RunOptions['openUrl']>

/** The URLs that the user named: plans and journals hold them without their secrets. */
export interface Urls {
  readonly facts: UrlFacts
  readonly open: OpenUrl
}

const SITE = siteOf({ provider: 'url', cloud: null }, 'open')

const isUrl = (word: string): boolean => /^https?:\/\//i.test(word)

/** `words`: whatever the user named; those that are URLs count. */
export const createUrls = ({ signal, timing }: Pick<LiveContext, 'signal' | 'timing'>, words: readonly string[], env: NodeJS.ProcessEnv = process.env): Urls => {
  const known = new Map(words.filter(isUrl).map((url) => [maskedUrl(url), url]))
  const options: UrlOptions = { site: SITE, signal, proxy: proxiesOf(env), userAgent: `imago/${version()}`, timing }
  const opened = (url: string): TE.TaskEither<Parameters<typeof problemOf>[0], UrlBytes> => urlSource(url, options)
  return {
    facts: async (url) => {
      const answer = await opened(url)()
      if (E.isLeft(answer)) throw problemOf(answer.left)
      return { size: answer.right.bytes.size, etag: answer.right.etag }
    },
    open: (masked) => {
      const url = known.get(masked) ?? (masked.includes('…') ? null : masked)
      if (url === null) return TE.left(configInvalid(SITE, { what: `${masked} was planned with a query or a user, which plans do not hold`, hint: 'Give it again, whole: --url' }))
      return pipe(
        opened(url),
        TE.map(({ bytes, etag }) => ({ bytes, etag })),
      )
    },
  }
}
