import {
  ABORTED,
  aborted,
  raceAbort,
  createErrorSite,
  type AbortSignalLike,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** What a credential gives for a while. */
export interface AuthToken {
  /** What proves it: `authorization`, `x-auth-token`. */
  readonly headers: Readonly<Record<string, string>>
  /** In milliseconds since the epoch; `null`: it does not expire. */
  readonly expiresAtMs: number | null
}

/** Who asks. A grant may tell more than its headers: whose it is, what it is good for. */
export interface Credential<G extends AuthToken = AuthToken> {
  /** Whether a request to this origin (`https://host:port`) may carry it. */
  readonly belongsTo: (origin: string) => boolean
  /** The grant to use now. Obtained if need be; many who ask at once get the same. */
  readonly token: (signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>
  /** Another in place of one that was refused. `null`: there is no other. */
  readonly renew: ((refused: AuthToken, signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>) | null
}

/** Always the same headers, for the given origins. */
export const fixedCredential = (origins: readonly string[], headers: Readonly<Record<string, string>>): Credential => ({
  belongsTo: (origin) => origins.includes(origin),
  token: () => TE.right({ headers, expiresAtMs: null }),
  renew: null,
})

/** A credential whose grant can be had anew before it need be. */
export interface RenewableCredential<G extends AuthToken = AuthToken> extends Credential<G> {
  /**
   * A grant that will live long, for a request that does: another one, if the present one has used up a tenth of its life. Where no other is to be
   * had, the present one, as long as it is good.
   */
  readonly freshToken: (signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>
}

/** How to log in, and when. Times are in milliseconds. */
export interface RenewableOptions<G extends AuthToken = AuthToken> {
  readonly belongsTo: (origin: string) => boolean
  /** Logs in. Its requests go by a client without this credential, which has a timeout. */
  readonly login: TE.TaskEither<ImageError, G>
  readonly clock: () => number
  /** Renew when less than this is left, or less than half of what there was; 120 s unless said otherwise, as keystoneauth does (`MIN_TOKEN_LIFE_SECONDS`). */
  readonly marginMs?: number | undefined
  /** The provider and the cloud, for the error of an aborted wait. */
  readonly cloud: { readonly provider: string; readonly cloud: string | null }
}

const MARGIN_MS = 120_000
/** Of the life of a grant: less than that is left of one that is no longer as good as new. */
const AS_NEW = 0.9

/**
 * A credential that logs in when it is first needed, before it expires, and when it was refused.
 * - However many ask at once, one login is under way. A login that failed is tried anew by the next who asks.
 * - One who aborts stops waiting; the login goes on for the others.
 */
export const renewableCredential = <G extends AuthToken>({
  belongsTo,
  login,
  clock,
  marginMs = MARGIN_MS,
  cloud,
}: RenewableOptions<G>): RenewableCredential<G> => {
  let current: G | null = null
  // With the whole margin, a grant that lives no longer would be renewed for each request.
  let margin = marginMs
  let lifeMs = Infinity
  let underWay: Promise<E.Either<ImageError, G>> | null = null

  const loggedIn = async (): Promise<E.Either<ImageError, G>> => {
    const answer = await login()
    underWay = null
    // One that was to be prolonged is still good.
    if (E.isLeft(answer)) return answer
    current = answer.right
    lifeMs = (current.expiresAtMs ?? Infinity) - clock()
    margin = Math.min(marginMs, lifeMs / 2)
    return answer
  }
  const isFresh = ({ expiresAtMs }: AuthToken): boolean => expiresAtMs === null || expiresAtMs - clock() > margin
  const isAsNew = ({ expiresAtMs }: AuthToken): boolean =>
    expiresAtMs === null || expiresAtMs - clock() > lifeMs * AS_NEW
  const obtain =
    (isWanted: (grant: G) => boolean, signal: AbortSignalLike | undefined): TE.TaskEither<ImageError, G> =>
    async () => {
      if (underWay === null && current !== null && isWanted(current)) return E.right(current)
      underWay ??= loggedIn()
      const answer = await raceAbort(underWay, signal)
      return answer === ABORTED ? E.left(aborted(createErrorSite(cloud, 'login'))) : answer
    }

  return {
    belongsTo,
    token: (signal) => obtain(isFresh, signal),
    // Another request may have renewed it meanwhile: then that is the other one.
    renew: (refused, signal) => async () => {
      if (current === refused) current = null
      return obtain(isFresh, signal)()
    },
    freshToken: (signal) => async () => {
      const answer = await obtain(isAsNew, signal)()
      return E.isLeft(answer) && answer.left._tag !== 'Aborted' && current !== null && isFresh(current)
        ? E.right(current)
        : answer
    },
  }
}
