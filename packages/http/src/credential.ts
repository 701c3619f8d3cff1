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

/** A token in its headers. */
export interface AuthToken {
  /** Such as `authorization`, `x-auth-token`. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds since the epoch; `null`: it does not expire. */
  readonly expiresAtMs: number | null
}

/** Authenticates requests. `G` may extend the token with other properties of the login. */
export interface Credential<G extends AuthToken = AuthToken> {
  /** Whether requests to this origin (`https://host:port`) may have the token. */
  readonly belongsTo: (origin: string) => boolean
  /** The current token. Logs in if necessary; concurrent calls share one login. */
  readonly token: (signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>
  /** Replaces a refused token. `null`: not possible. */
  readonly renew: ((refused: AuthToken, signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>) | null
}

/** Constant headers for the given origins. */
export const fixedCredential = (origins: readonly string[], headers: Readonly<Record<string, string>>): Credential => ({
  belongsTo: (origin) => origins.includes(origin),
  token: () => TE.right({ headers, expiresAtMs: null }),
  renew: null,
})

/** A credential that can renew its token early. */
export interface RenewableCredential<G extends AuthToken = AuthToken> extends Credential<G> {
  /**
   * A token for a long request: a new one, if the current one has used more than a tenth of its lifetime. If the login fails, the current one while it
   * is valid.
   */
  readonly freshToken: (signal?: AbortSignalLike) => TE.TaskEither<ImageError, G>
}

/** Options of `renewableCredential`. Times are in milliseconds. */
export interface RenewableOptions<G extends AuthToken = AuthToken> {
  readonly belongsTo: (origin: string) => boolean
  /** Logs in, with a client that has a timeout and does not use this credential. */
  readonly login: TE.TaskEither<ImageError, G>
  readonly clock: () => number
  /** Renews when less than this is left, or less than half of the lifetime. Default: 120,000, as keystoneauth (`MIN_TOKEN_LIFE_SECONDS`). */
  readonly marginMs?: number | undefined
  /** For the error of an aborted wait. */
  readonly cloud: { readonly provider: string; readonly cloud: string | null }
}

const MARGIN_MS = 120_000
/** A token with less of its lifetime left is not fresh. */
const FRESH_PART = 0.9

/**
 * A credential that logs in when it is first needed, before the token expires, and when it was refused.
 * - Concurrent calls share one login. After a failed login, the next call tries again.
 * - Aborting a call stops its wait; the login continues for the others.
 */
export const renewableCredential = <G extends AuthToken>({
  belongsTo,
  login,
  clock,
  marginMs = MARGIN_MS,
  cloud,
}: RenewableOptions<G>): RenewableCredential<G> => {
  let current: G | null = null
  // A token with a shorter lifetime than the margin would be renewed for each request.
  let margin = marginMs
  let lifeMs = Infinity
  let pendingLogin: Promise<E.Either<ImageError, G>> | null = null

  const startLogin = async (): Promise<E.Either<ImageError, G>> => {
    const result = await login()
    pendingLogin = null
    // The current token may still be valid.
    if (E.isLeft(result)) return result
    current = result.right
    lifeMs = (current.expiresAtMs ?? Infinity) - clock()
    margin = Math.min(marginMs, lifeMs / 2)
    return result
  }
  const isFresh = ({ expiresAtMs }: AuthToken): boolean => expiresAtMs === null || expiresAtMs - clock() > margin
  const isLongLived = ({ expiresAtMs }: AuthToken): boolean =>
    expiresAtMs === null || expiresAtMs - clock() > lifeMs * FRESH_PART
  const getToken =
    (isWanted: (grant: G) => boolean, signal: AbortSignalLike | undefined): TE.TaskEither<ImageError, G> =>
    async () => {
      if (pendingLogin === null && current !== null && isWanted(current)) return E.right(current)
      pendingLogin ??= startLogin()
      const result = await raceAbort(pendingLogin, signal)
      return result === ABORTED ? E.left(aborted(createErrorSite(cloud, 'login'))) : result
    }

  return {
    belongsTo,
    token: (signal) => getToken(isFresh, signal),
    // Another request may have renewed it already.
    renew: (refused, signal) => async () => {
      if (current === refused) current = null
      return getToken(isFresh, signal)()
    },
    freshToken: (signal) => async () => {
      const result = await getToken(isLongLived, signal)()
      return E.isLeft(result) && result.left._tag !== 'Aborted' && current !== null && isFresh(current)
        ? E.right(current)
        : result
    },
  }
}
