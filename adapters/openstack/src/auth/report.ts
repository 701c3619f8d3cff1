import {
  decodeFailed,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type CloudIdentity,
  type ImageError,
} from '@imago/core/provider'
import { sendForText, toImageErrorFromFailure, type HttpClient } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { SERVICES, type ServiceKey } from '../options.ts'
import { beforeVersion } from './address.ts'
import type { Endpoint } from './endpoint.ts'
import { siteAt } from './login-error.ts'
import { readVersions, type ApiVersion } from './versions.ts'

/** Endpoint and API versions of a service. */
export interface ServiceReport {
  readonly service: ServiceKey
  /** `null` if not found; see `error`. */
  readonly endpoint: Endpoint | null
  /** `null` if the request failed; see `error`. */
  readonly versions: readonly ApiVersion[] | null
  readonly error: ImageError | null
}

/** Dependencies of the report. */
export interface ReportParts {
  readonly cloud: CloudIdentity
  readonly endpoint: (service: ServiceKey, options?: Abortable) => ImageResult<Endpoint>
  /** Creates a client without credentials. */
  readonly clientAt: (service: ServiceKey, base: string) => HttpClient
}

/** Fetches the versions at the root of a service: its address up to the version. Links in the response are ignored. */
const fetchVersions = (
  { cloud, clientAt }: ReportParts,
  { service, url }: Endpoint,
  options: Abortable,
): ImageResult<readonly ApiVersion[]> => {
  const root = beforeVersion(url)
  const request = { method: 'GET', url: '/', ...options } as const
  return pipe(
    sendForText(clientAt(service, root))(request),
    TE.mapLeft((failure) =>
      toImageErrorFromFailure(
        failure,
        createErrorSite(cloud, 'versions', { method: 'GET', path: `${root}/`, status: null, requestId: null }),
      ),
    ),
    TE.flatMapEither((response) =>
      pipe(
        readVersions(response),
        E.fromNullable(
          decodeFailed(siteAt(cloud, 'versions', request.method, response), {
            what: `the ${service} service returned no list of versions`,
            hint: 'Check its address',
            issues: [],
          }),
        ),
      ),
    ),
    TE.map((versions) => versions.map(({ id, status }) => ({ id, status }))),
  )
}

const toFailedReport =
  (service: ServiceKey, endpoint: Endpoint | null) =>
  (error: ImageError): ImageResult<ServiceReport> =>
    error._tag === 'Aborted' ? TE.left(error) : TE.right({ service, endpoint, versions: null, error })

const reportService = (parts: ReportParts, service: ServiceKey, options: Abortable): ImageResult<ServiceReport> => {
  const versionsAt = (endpoint: Endpoint): ImageResult<ServiceReport> =>
    pipe(
      fetchVersions(parts, endpoint, options),
      TE.matchE(toFailedReport(service, endpoint), (versions) =>
        TE.right({ service, endpoint, versions, error: null }),
      ),
    )
  return pipe(parts.endpoint(service, options), TE.matchE(toFailedReport(service, null), versionsAt))
}

/** Reports endpoint and versions of every service. */
export const reportServices = (parts: ReportParts, options: Abortable = {}): ImageResult<readonly ServiceReport[]> =>
  pipe(
    SERVICES,
    TE.traverseArray((service) => reportService(parts, service, options)),
  )
