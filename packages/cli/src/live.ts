import type { AbortSignalLike, ImageError, ImageSource } from '@imago/core'
import type { Timing } from '@imago/http'
import type { DiscoveredClouds, LiveCloud, Provider, ProviderCloud } from '@imago/provider-kit'
import type * as E from 'fp-ts/lib/Either.js'
import type { LiveOptions as ConnectionOptions } from './options/live.ts'
import type { Output } from './output/stream.ts'

/** The environment of a command that connects to clouds. Tests provide clouds in memory. */
export interface LiveContext {
  /** The providers of imago and of the user's configuration. */
  readonly providers: readonly Provider[]
  /** The configured clouds, and configuration problems. */
  readonly discovered: DiscoveredClouds
  /** Opens the image source of a cloud, once. Sends no request. Fails if the configuration is invalid. */
  readonly open: (cloud: ProviderCloud) => Promise<E.Either<ImageError, ImageSource>>
  /** Opens a cloud with its check and raw client. As `open`. */
  readonly access: (
    cloud: ProviderCloud,
  ) => Promise<E.Either<ImageError, Pick<LiveCloud, 'source' | 'check' | 'client'>>>
  /** Standard output: data. */
  readonly output: Output
  /** Standard error: messages and progress. */
  readonly messages: Output
  /** Aborts when the user interrupts the command (Ctrl-C). Pass it to every call. */
  readonly signal: AbortSignalLike
  readonly timing: Timing
  /** Whether usage is read for all projects (`--all-projects`). Default: only for the project of the credentials. */
  readonly allProjects?: boolean | undefined
}

/** The options of every command that connects to clouds, and those that affect how waits are reported. */
export interface LiveOptions extends ConnectionOptions {
  /** The command only waits: `timeout` also limits requests without a response. */
  readonly onlyWaits?: boolean | undefined
  /** Print only data and errors. */
  readonly quiet?: boolean | undefined
  /** The kind of progress that a transfer prints. */
  readonly progress?: string | undefined
  /** Read the usage by all projects. */
  readonly allProjects?: boolean | undefined
}
