import {
  configInvalid,
  createErrorSite,
  type ImageResult,
  type CloudIdentity,
  type ImageError,
  type ErrorDetails,
} from '@imago/core/provider'
import {
  sendForText,
  createHttpClient,
  revealSecret,
  toImageErrorFromFailure,
  type ClientOptions,
  type HttpClient,
  type HttpRequest,
  type TextResponse,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { authSecrets } from '../auth-secrets.ts'
import type { AuthMethod, KeystoneAuth, OidcAuth } from '../options.ts'
import { openstackRetry } from '../retry.ts'
import { parseAddress, withoutVersion } from './address.ts'
import { checkVersion } from './endpoint.ts'
import { toLogin, TOKEN_HEADER, type Login } from './login-answer.ts'
import { isNobodyThere, loginSite, moreWanted, noKeystone, type LoginContext } from './login-error.ts'
import { federationRequest, tokenRequest, type Proof } from './login-request.ts'
import { completing, readReceipt } from './receipt.ts'
import type { Service } from './service.ts'
import { readVersions, type ApiVersion } from './versions.ts'

export interface LoginOptions {
  readonly cloud: CloudIdentity
  readonly auth: KeystoneAuth | OidcAuth
  readonly connection: ClientOptions
  readonly identity: Service
}

/** One Keystone, at one address, as one asks it for a token. */
interface Desk {
  readonly context: LoginContext
  /** With the version. */
  readonly keystone: string
  readonly client: HttpClient
}

/** What came of asking, and where. */
interface Asked {
  readonly keystone: string
  readonly response: TextResponse
}

/** A client that shows no credential and, in a dry run too, logs in: to know where a request would go. */
const clientAt = (base: string, { connection, identity }: LoginOptions): HttpClient =>
  createHttpClient({ ...connection, intercept: undefined, base, credential: null, retry: openstackRetry(identity) })

const invalid = (cloud: CloudIdentity, wording: ErrorDetails): ImageError =>
  configInvalid(createErrorSite(cloud, 'login'), wording)

const ask = ({ context, keystone, client }: Desk, request: HttpRequest): ImageResult<TextResponse> =>
  pipe(
    sendForText(client)(request),
    TE.mapLeft((failure) =>
      toImageErrorFromFailure(
        failure,
        createErrorSite(context.cloud, 'login', {
          method: request.method,
          path: `${new URL(keystone).pathname}${request.url}`,
          status: null,
          requestId: null,
        }),
      ),
    ),
  )

/** Shows all methods at once; if Keystone wants some of them in a second step, those with its receipt. */
const prove = (desk: Desk, proof: Proof): ImageResult<TextResponse> =>
  pipe(
    ask(desk, tokenRequest(proof, null)),
    TE.flatMap((response) => {
      const receipt = readReceipt(response)
      if (receipt === null) return TE.right(response)
      const rest = completing(receipt, proof.methods)
      if (rest === null) return TE.left(moreWanted(desk.context, response, receipt))
      return pipe(
        ask(desk, tokenRequest({ ...proof, methods: rest }, receipt.receipt)),
        TE.flatMap((second) => {
          const another = readReceipt(second)
          return another === null ? TE.right(second) : TE.left(moreWanted(desk.context, second, another))
        }),
      )
    }),
  )

/** Federated tokens have no scope; one for it is got as with any token. */
const federated = (desk: Desk, auth: OidcAuth): ImageResult<TextResponse> =>
  pipe(
    ask(desk, federationRequest(auth)),
    TE.flatMap((response) => {
      const first = toLogin(desk.context, desk.keystone, response)
      if (E.isLeft(first) || auth.scope === null || auth.scope.kind === 'unscoped') return TE.right(response)
      return prove(desk, {
        methods: [{ method: 'token', token: first.right.headers[TOKEN_HEADER] ?? '' }],
        scope: auth.scope,
      })
    }),
  )

const asked = (desk: Desk): ImageResult<Asked> => {
  const { context, keystone } = desk
  return pipe(
    context.auth.kind === 'oidc' ? federated(desk, context.auth) : prove(desk, context.auth),
    TE.map((response) => ({ keystone, response })),
  )
}

/** The newest are listed first or last; a Glance has twenty. */
const inWords = (versions: readonly ApiVersion[]): string =>
  versions
    .map(({ id }) => id)
    .slice(0, 3)
    .join(', ')

const isV3 = (id: string): boolean => /^v3(?:\.|$)/i.test(id)

/**
 * Asks the root which versions there are, as keystoneauth does first. Here it is done only when the usual path answered that nobody is there: one request the less
 * for each login. A link is followed by its path alone.
 */
const elsewhere = (root: string, desk: Desk, first: Asked, options: LoginOptions): ImageResult<Asked> =>
  pipe(
    ask({ ...desk, keystone: root, client: clientAt(root, options) }, { method: 'GET', url: '/' }),
    // If that fails, what went wrong first says enough.
    TE.match(() => null, readVersions),
    TE.fromTask,
    TE.flatMap((versions) => {
      const v3 = versions?.find(({ id }) => isV3(id))
      if (versions !== null && v3 === undefined) {
        return TE.left(
          noKeystone(
            loginSite(desk.context, first.response),
            `what is at the address of this cloud speaks ${inWords(versions)}, and not v3 of the Identity API`,
          ),
        )
      }
      const path = v3?.path ?? null
      const keystone = path === null ? desk.keystone : `${new URL(root).origin}${path}`
      return keystone === desk.keystone
        ? TE.right(first)
        : asked({ ...desk, keystone, client: clientAt(keystone, options) })
    }),
  )

const missingPasscode = (methods: readonly AuthMethod[]): boolean =>
  methods.some((auth) => auth.method === 'totp' && auth.passcode === null)

const checkAuth = (auth: KeystoneAuth | OidcAuth): E.Either<ErrorDetails, void> => {
  if (auth.kind === 'oidc') return E.right(undefined)
  if (auth.methods.length === 0)
    return E.left({ what: 'no way to log in is configured', hint: 'Set auth_type, and what it needs' })
  return missingPasscode(auth.methods)
    ? E.left({
        what: 'a one-time passcode is needed, and none is given',
        hint: 'Set OS_PASSCODE, or auth.passcode, to the number that the authenticator shows now',
      })
    : E.right(undefined)
}

/** Logs in at Keystone v3: anew each time it is run. Errors name what was refused, and never a secret. */
export const login = (options: LoginOptions): ImageResult<Login> => {
  const { cloud, auth, connection, identity } = options
  const root = pipe(
    checkVersion(identity),
    E.flatMap(() => checkAuth(auth)),
    E.flatMap(() => parseAddress(auth.url, 'auth_url')),
    E.map(withoutVersion),
    E.mapLeft((wording) => invalid(cloud, wording)),
  )
  return pipe(
    TE.fromEither(root),
    TE.flatMap((address) => {
      const keystone = `${address}/v3`
      for (const secret of authSecrets(auth)) connection.masker?.add(revealSecret(secret))
      const desk: Desk = {
        context: { cloud, auth, clock: connection.timing.clock },
        keystone,
        client: clientAt(keystone, options),
      }
      return pipe(
        asked(desk),
        TE.flatMap((first) =>
          isNobodyThere(first.response) ? elsewhere(address, desk, first, options) : TE.right(first),
        ),
        TE.flatMapEither((last) => toLogin(desk.context, last.keystone, last.response)),
        TE.tap(({ headers }) => TE.fromIO(() => connection.masker?.add(headers[TOKEN_HEADER] ?? ''))),
      )
    }),
  )
}
