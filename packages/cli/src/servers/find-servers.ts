import {
  matchesConditions,
  perform,
  type EntryConditions,
  type ImageError,
  type ImageSource,
  type ServerSummary,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../connect/chosen-targets.ts'
import type { LiveContext } from '../live.ts'

/** A server, and the source of its cloud. */
export interface FoundServer {
  readonly source: ImageSource
  readonly server: ServerSummary
}

/** The servers of clouds, and the errors of clouds that failed. */
export interface FoundServers {
  readonly found: readonly FoundServer[]
  readonly errors: readonly ImageError[]
}

/** Which servers to find. Absent conditions match every server; of several sets of labels, any. */
export interface ServerConditions {
  readonly names?: readonly string[] | undefined
  readonly labels?: readonly EntryConditions[] | undefined
}

const matchesServer =
  ({ names, labels }: ServerConditions) =>
  ({ name, labels: own }: ServerSummary): boolean =>
    (names === undefined || (name !== null && names.includes(name))) &&
    (labels === undefined || labels.some((conditions) => matchesConditions(conditions, own)))

/** The servers of the named clouds, or of all configured ones, that meet conditions: in the order of the clouds. */
export const findServers = async (
  live: LiveContext,
  clouds: readonly string[],
  conditions: ServerConditions,
): Promise<FoundServers> => {
  const { targets, errors } = chosenTargets(live, clouds)
  const results = await Promise.all(
    targets.map(async (target): Promise<E.Either<ImageError, readonly FoundServer[]>> => {
      const opened = await live.open(target)
      if (E.isLeft(opened)) return opened
      const source = opened.right
      const listed = await perform(source, 'servers', {}, { signal: live.signal })()
      return E.map((servers: readonly ServerSummary[]) =>
        servers.filter(matchesServer(conditions)).map((server) => ({ source, server })),
      )(listed)
    }),
  )
  return {
    found: results.flatMap((result) => (E.isRight(result) ? result.right : [])),
    errors: [...errors, ...results.flatMap((result) => (E.isLeft(result) ? [result.left] : []))],
  }
}
