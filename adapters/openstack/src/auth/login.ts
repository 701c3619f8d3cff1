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
import { toLogin, TOKEN_HEADER, type Login } from './login-response.ts'
import { isWrongPath, loginSite, toMissingMethodsError, notKeystoneError, type LoginContext } from './login-error.ts'
import { federationRequest, tokenRequest, type Proof } from './login-request.ts'
import { selectMissingMethods, readReceipt } from './receipt.ts'
import type { Service } from './service.ts'
import { readVersions, type ApiVersion } from './versions.ts'

export interface LoginOptions {
  readonly cloud: CloudIdentity
  readonly auth: KeystoneAuth | OidcAuth
  readonly connection: ClientOptions
  readonly identity: Service
}

/** A Keystone address and the client for it. */
interface LoginTarget {
  readonly context: LoginContext
  /** Includes the version. */
  readonly keystone: string
  readonly client: HttpClient
}

/** A response and the address it came from. */
interface LoginResponse {
  readonly keystone: string
  readonly response: TextResponse
}

/** Creates a client without credentials. It also sends requests in a dry run, because endpoints are unknown before the login. */
const clientAt = (base: string, { connection, identity }: LoginOptions): HttpClient =>
  createHttpClient({ ...connection, intercept: undefined, base, credential: null, retry: openstackRetry(identity) })

const invalid = (cloud: CloudIdentity, wording: ErrorDetails): ImageError =>
  configInvalid(createErrorSite(cloud, 'login'), wording)

const send = ({ context, keystone, client }: LoginTarget, request: HttpRequest): ImageResult<TextResponse> =>
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

/** Sends all auth methods at once; if Keystone requires a second step, sends the missing methods with its receipt. */
const authenticate = (target: LoginTarget, proof: Proof): ImageResult<TextResponse> =>
  pipe(
    send(target, tokenRequest(proof, null)),
    TE.flatMap((response) => {
      const receipt = readReceipt(response)
      if (receipt === null) return TE.right(response)
      const rest = selectMissingMethods(receipt, proof.methods)
      if (rest === null) return TE.left(toMissingMethodsError(target.context, response, receipt))
      return pipe(
        send(target, tokenRequest({ ...proof, methods: rest }, receipt.receipt)),
        TE.flatMap((second) => {
          const another = readReceipt(second)
          return another === null ? TE.right(second) : TE.left(toMissingMethodsError(target.context, second, another))
        }),
      )
    }),
  )

/** Gets an unscoped federated token, then exchanges it for a scoped one. */
const authenticateFederated = (target: LoginTarget, auth: OidcAuth): ImageResult<TextResponse> =>
  pipe(
    send(target, federationRequest(auth)),
    TE.flatMap((response) => {
      const first = toLogin(target.context, target.keystone, response)
      if (E.isLeft(first) || auth.scope === null || auth.scope.kind === 'unscoped') return TE.right(response)
      return authenticate(target, {
        methods: [{ method: 'token', token: first.right.headers[TOKEN_HEADER] ?? '' }],
        scope: auth.scope,
      })
    }),
  )

const sendLogin = (target: LoginTarget): ImageResult<LoginResponse> => {
  const { context, keystone } = target
  return pipe(
    context.auth.kind === 'oidc' ? authenticateFederated(target, context.auth) : authenticate(target, context.auth),
    TE.map((response) => ({ keystone, response })),
  )
}

/** Lists at most three versions: a Glance has about twenty, sorted in either direction. */
const formatVersions = (versions: readonly ApiVersion[]): string =>
  versions
    .map(({ id }) => id)
    .slice(0, 3)
    .join(', ')

const isV3 = (id: string): boolean => /^v3(?:\.|$)/i.test(id)

/**
 * Looks up the versions at the root, as keystoneauth does for every login. Here it happens only if the usual path does not exist, which saves one request per login.
 * Only the path of the version link is used.
 */
const followRoot = (
  root: string,
  target: LoginTarget,
  first: LoginResponse,
  options: LoginOptions,
): ImageResult<LoginResponse> =>
  pipe(
    send({ ...target, keystone: root, client: clientAt(root, options) }, { method: 'GET', url: '/' }),
    // If this fails, the first error is the relevant one.
    TE.match(() => null, readVersions),
    TE.fromTask,
    TE.flatMap((versions) => {
      const v3 = versions?.find(({ id }) => isV3(id))
      if (versions !== null && v3 === undefined) {
        return TE.left(
          notKeystoneError(
            loginSite(target.context, first.response),
            `no Identity API v3 found at the address of this cloud: the server offers ${formatVersions(versions)}`,
          ),
        )
      }
      const path = v3?.path ?? null
      const keystone = path === null ? target.keystone : `${new URL(root).origin}${path}`
      return keystone === target.keystone
        ? TE.right(first)
        : sendLogin({ ...target, keystone, client: clientAt(keystone, options) })
    }),
  )

const missingPasscode = (methods: readonly AuthMethod[]): boolean =>
  methods.some((auth) => auth.method === 'totp' && auth.passcode === null)

const checkAuth = (auth: KeystoneAuth | OidcAuth): E.Either<ErrorDetails, void> => {
  if (auth.kind === 'oidc') return E.right(undefined)
  if (auth.methods.length === 0)
    return E.left({ what: 'no auth method is configured', hint: 'Set auth_type and its credentials' })
  return missingPasscode(auth.methods)
    ? E.left({
        what: 'the one-time passcode is missing',
        hint: 'Set OS_PASSCODE or auth.passcode to the current code of the authenticator',
      })
    : E.right(undefined)
}

/** Logs in at Keystone v3; each run performs a new login. Errors name the rejected credentials without secrets. */
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
      const target: LoginTarget = {
        context: { cloud, auth, clock: connection.timing.clock },
        keystone,
        client: clientAt(keystone, options),
      }
      return pipe(
        sendLogin(target),
        TE.flatMap((first) =>
          isWrongPath(first.response) ? followRoot(address, target, first, options) : TE.right(first),
        ),
        TE.flatMapEither((last) => toLogin(target.context, last.keystone, last.response)),
        TE.tap(({ headers }) => TE.fromIO(() => connection.masker?.add(headers[TOKEN_HEADER] ?? ''))),
      )
    }),
  )
}
