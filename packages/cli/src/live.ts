import type { AbortSignalLike, ImageError, ImageSource } from '@imago/core'
import type { Timing } from '@imago/http'
import type { DiscoveredClouds, LiveCloud, Provider, ProviderCloud } from '@imago/provider-kit'
import type * as E from 'fp-ts/lib/Either.js'
import type { LiveOptions as ConnectionOptions } from './options/live.ts'
import type { Output } from './output/stream.ts'

/** All that a command which asks clouds may touch: so a test can hand it clouds in memory. */
export interface LiveContext {
  /** Those that imago brings, and those of the user's configuration. */
  readonly providers: readonly Provider[]
  /** The clouds that are configured, and what is wrong with the others. */
  readonly discovered: DiscoveredClouds
  /** The images of a cloud. Opened once; asks nothing of the cloud yet. An error: it cannot be used as it is configured. */
  readonly open: (cloud: ProviderCloud) => Promise<E.Either<ImageError, ImageSource>>
  /** All that there is to a cloud beside its images. As `open`. */
  readonly access: (
    cloud: ProviderCloud,
  ) => Promise<E.Either<ImageError, Pick<LiveCloud, 'source' | 'check' | 'client'>>>
  /** For data. */
  readonly output: Output
  /** For everything else that is told. */
  readonly messages: Output
  /** Aborts when the user has had enough (Ctrl-C). To be handed to every call. */
  readonly signal: AbortSignalLike
  readonly timing: Timing
}

/** The options of every command that asks clouds, and what of its other options says how its waits are printed. */
export interface LiveOptions extends ConnectionOptions {
  /** Of a command that does nothing but wait: `timeout` bounds a request that gets no answer, too. */
  readonly onlyWaits?: boolean
  /** Print nothing beside the data but errors. */
  readonly quiet?: boolean | undefined
  /** How a command that transfers prints its progress. */
  readonly progress?: string
}
