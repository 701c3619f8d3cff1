import { configInvalid, type ErrorSite, type ImageError } from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type ssh2 from 'ssh2'

export type Ssh2 = typeof ssh2

/** By a name that bundlers do not see: esbuild stops at a native part of ssh2 (cpu-features) that is built on few machines, and that ssh2 does without. */
const load = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ /* @vite-ignore */ name)

/** Loads SSH, which only rescue transfers use. Fails in a bundled program that has no ssh2 installed beside it. */
export const loadSsh2 = (site: ErrorSite): TE.TaskEither<ImageError, Ssh2> =>
  TE.tryCatch(
    async () => ((await load('ssh2')) as { readonly default: Ssh2 }).default,
    (): ImageError =>
      configInvalid(site, {
        what: 'the package ssh2 cannot be loaded, which connects to rescue systems',
        hint: 'Install ssh2 where this program runs',
      }),
  )
