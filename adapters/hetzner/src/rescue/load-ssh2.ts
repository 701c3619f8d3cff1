import { configInvalid, type ErrorSite, type ImageError } from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type ssh2 from 'ssh2'

export type Ssh2 = typeof ssh2

/** A name that bundlers do not resolve: esbuild fails at cpu-features, an optional native part of ssh2. */
const load = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ /* @vite-ignore */ name)

/** Loads SSH, for rescue transfers only. Fails in a bundled program without ssh2 beside it. */
export const loadSsh2 = (site: ErrorSite): TE.TaskEither<ImageError, Ssh2> =>
  TE.tryCatch(
    async () => ((await load('ssh2')) as { readonly default: Ssh2 }).default,
    (): ImageError =>
      configInvalid(site, {
        what: 'cannot load the package ssh2, which connects to rescue systems',
        hint: 'Install ssh2 beside this program',
      }),
  )
