import {
  aborted,
  configInvalid,
  createMasker,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ImageError,
  type Masker,
} from '@imago/core/provider'
import {
  createHttpClient,
  renewableCredential,
  type ClientOptions,
  type Credential,
  type HttpClient,
  type HttpFailure,
  type RenewableCredential,
} from '@imago/http'
import type { KeystoneCatalog } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { findEndpoint, type Endpoint, type ServiceDirectory } from './auth/endpoint.ts'
import type { Login } from './auth/login-response.ts'
import { login } from './auth/login.ts'
import { reportServices, type ServiceReport } from './auth/report.ts'
import { resolveService } from './auth/service.ts'
import { NO_LOGIN, type TokenInfo } from './auth/token-info.ts'
import type { OpenstackOptions, OpenstackRegion, ServiceKey } from './options.ts'
import { openstackRetry } from './retry.ts'

/**
 * Access to a cloud.
 * - Logs in at the first request. Concurrent requests share one login; it is renewed before it expires, and once after a 401.
 * - Without a login or a service, the clients fail with `LoginFailed`; `toImageErrorFromFailure` returns the reason.
 * - The token is sent only to the selected endpoints and to Keystone.
 */
export interface OpenstackSession {
  readonly cloud: CloudIdentity
  /** Masks the secrets of this session in texts. */
  readonly masker: Masker
  /** Glance. Paths are relative to its root and include the version: `/v2/images`. */
  readonly image: HttpClient
  /** Nova. Paths are relative to its endpoint, without the version: `/servers/ID`. For a microversion, add the headers of `microversion`. */
  readonly compute: HttpClient
  /** Cinder. Paths are relative to its endpoint, without version and project: `/volumes/detail`. */
  readonly blockStorage: HttpClient
  /** Keystone. Paths are relative to its `/v3`: `/auth/projects`. The session logs in automatically. */
  readonly keystone: HttpClient
  /** The token's user, scope and expiry. */
  readonly identity: (options?: Abortable) => ImageResult<TokenInfo>
  /** The catalog of the token; empty without a login or a scope. */
  readonly catalog: (options?: Abortable) => ImageResult<KeystoneCatalog>
  /** Renews the token unless it is new, if possible. Call it before a long request. */
  readonly prolong: (options?: Abortable) => ImageResult<void>
  /** The endpoint of a service. Sends no request except for the login. `ConfigInvalid` if the catalog has none. */
  readonly endpoint: (service: ServiceKey, options?: Abortable) => ImageResult<Endpoint>
  /** All services and the versions that they report. Fails only if the login fails. */
  readonly services: (options?: Abortable) => ImageResult<readonly ServiceReport[]>
}

/** `null` without a login. Each client restricts the credential to its own address. */
const createCredential = (
  region: OpenstackRegion,
  connection: ClientOptions,
  cloud: CloudIdentity,
): RenewableCredential<Login> | null =>
  region.auth.kind === 'none'
    ? null
    : renewableCredential({
        belongsTo: () => false,
        login: login({ cloud, auth: region.auth, connection, identity: resolveService('identity', region) }),
        clock: connection.timing.clock,
        cloud,
      })

const WITHOUT_LOGIN: ServiceDirectory = { keystone: null, info: NO_LOGIN, catalog: [] }

/** Caches the client of the last address, because the next catalog usually has the same one. */
const cacheLast = (create: (url: string) => HttpClient): ((url: string) => HttpClient) => {
  let last: { readonly url: string; readonly client: HttpClient } | null = null
  return (url) => {
    if (last?.url !== url) last = { url, client: create(url) }
    return last.client
  }
}

const failed = (error: ImageError): E.Either<HttpFailure, never> =>
  E.left(error._tag === 'Aborted' ? { _tag: 'Aborted' } : { _tag: 'LoginFailed', error })

/** Creates a session. Sends no request. */
export const createOpenstackSession = ({ name, region, connection: given }: OpenstackOptions): OpenstackSession => {
  const { masker = createMasker() } = given
  const connection: ClientOptions = { ...given, timeoutMs: region.timeoutMs ?? given.timeoutMs, masker }
  const cloud: CloudIdentity = { provider: 'openstack', cloud: name, region: region.name }
  const credential = createCredential(region, connection, cloud)

  const known =
    ({ signal }: Abortable = {}): ImageResult<ServiceDirectory> =>
    () => {
      // Aborted calls start no login.
      if (signal?.aborted === true) return TE.left(aborted(createErrorSite(cloud, 'login')))()
      return credential === null ? TE.right(WITHOUT_LOGIN)() : credential.token(signal)()
    }
  const endpoint = (key: ServiceKey, options?: Abortable): ImageResult<Endpoint> =>
    pipe(
      known(options),
      TE.flatMapEither((directory) => findEndpoint(resolveService(key, region), directory)),
      TE.mapLeft((error) => ('_tag' in error ? error : configInvalid(createErrorSite(cloud, 'find endpoint'), error))),
    )
  const createClientAt = (key: ServiceKey, base: string, shown: Credential | null): HttpClient =>
    createHttpClient({ ...connection, base, credential: shown, retry: openstackRetry(resolveService(key, region)) })
  const createClient = (key: ServiceKey): HttpClient => {
    const at = cacheLast((base) =>
      createClientAt(
        key,
        base,
        credential === null ? null : { ...credential, belongsTo: (origin) => origin === new URL(base).origin },
      ),
    )
    return (request) => async () => {
      const found = await endpoint(key, request)()
      return E.isLeft(found) ? failed(found.left) : at(found.right.url)(request)()
    }
  }

  return {
    cloud,
    masker,
    image: createClient('image'),
    compute: createClient('compute'),
    blockStorage: createClient('block-storage'),
    keystone: createClient('identity'),
    identity: (options) =>
      pipe(
        known(options),
        TE.map(({ info }) => info),
      ),
    catalog: (options) =>
      pipe(
        known(options),
        TE.map(({ catalog }) => catalog),
      ),
    prolong: ({ signal } = {}) =>
      credential === null
        ? TE.right(undefined)
        : pipe(
            credential.freshToken(signal),
            TE.map(() => undefined),
          ),
    endpoint,
    services: (options) =>
      pipe(
        known(options),
        // Version documents are public, so they are requested without the token.
        TE.flatMap(() =>
          reportServices({ cloud, endpoint, clientAt: (key, base) => createClientAt(key, base, null) }, options),
        ),
      ),
  }
}
