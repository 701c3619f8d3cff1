import type { Issue } from '@imago/codec'
import type { CapabilityName } from '../capability-names.ts'
import type { ImageRef } from '../image/values.ts'
import { toSafePath, toSafeName, toSafeText } from '../text/safe-text.ts'

/** The request that caused an error: enough for a support request, and nothing that allows a replay. */
export interface RequestTrace {
  readonly method: string
  /** Without host and query. */
  readonly path: string
  /** `null`: no response. */
  readonly status: number | null
  readonly requestId: string | null
}

/** Where an error happened. */
export interface ErrorSite {
  readonly provider: string
  /** The user's name for the cloud. */
  readonly cloud: string | null
  /** The operation that failed: a method of the source, or another name. */
  readonly operation: string
  readonly request: RequestTrace | null
}

/**
 * How to resolve an error, for programs. People read `hint`.
 *
 * - `new-plan`: the plan no longer matches the current state. The same plan fails again.
 * - `new-source`: the bytes of the source are wrong. The same plan fails until they are corrected.
 * - `resume`: a new attempt from the beginning may succeed, although errors of this kind are usually final.
 * - `delete-orphans`: resources that are billed could not be deleted. Delete the orphaned resources of the cloud.
 * - `discard-run`: the journal of the run cannot be used. Discard the run, then create a new plan.
 */
export type Remedy = 'new-plan' | 'new-source' | 'resume' | 'delete-orphans' | 'discard-run'

/** A parameter to change. `hint` describes the change in words; the command adds its option. */
export interface ParameterChange {
  /** The library's name of the parameter, such as `sourceFormat`. */
  readonly parameter: string
  /** Suggested values; empty: change or omit the current value. */
  readonly values: readonly string[]
}

/** What happened and what to do, without a final full stop. Default of `hint`: the hint for the kind of error. */
export interface ErrorDetails {
  readonly what: string
  readonly hint?: string | undefined
  readonly remedy?: Remedy | undefined
  readonly changes?: readonly ParameterChange[] | undefined
}

/** The state of a failed upload, from which `decideUploadStep` decides the next step. */
export interface UploadFailure {
  /** `accepted`: the provider returned a success. `refused`: the same bytes would be refused again. `failed`: no response, or one that is not about the bytes. */
  readonly response: 'accepted' | 'refused' | 'failed'
  /** How much of the data was sent, by this call or earlier calls of the same caller. */
  readonly sent: 'nothing' | 'part' | 'all'
  /** Number of bytes sent by this call. */
  readonly bytes: number
  /**
   * The state of the image afterwards. `empty`: waits for data; `receiving`: data is being written; `whole`: has data that could not be compared;
   * `same`, `other`: has data that equals, or differs from, the sent data; `withheld`: has data that cannot be read; `failed`: can no longer receive data;
   * `foreign`: not the caller's; `stale`: only an outdated record could be read, for example from a cache; `unknown`: could not be read.
   */
  readonly image:
    | 'empty'
    | 'receiving'
    | 'whole'
    | 'same'
    | 'other'
    | 'withheld'
    | 'failed'
    | 'gone'
    | 'foreign'
    | 'stale'
    | 'unknown'
}

interface Failure<Tag extends string> extends ErrorSite {
  readonly _tag: Tag
  readonly what: string
  readonly hint: string
  readonly remedy?: Remedy | undefined
  readonly changes?: readonly ParameterChange[] | undefined
  /** Only for an upload that was started. */
  readonly upload?: UploadFailure | undefined
}

/** One of several matching images. */
export interface Candidate {
  readonly ref: ImageRef
  readonly name: string | null
  readonly architecture: string | null
  readonly createdAt: string | null
}

/** Options, environment or files do not configure a usable cloud. */
export type ConfigInvalid = Failure<'ConfigInvalid'>
/** The image does not exist, or these credentials cannot see it. */
export type NotFound = Failure<'NotFound'>
/** The provider rejected the credentials. */
export type Unauthorized = Failure<'Unauthorized'>
/** The credentials are valid but lack a permission. `reason`: the provider's code, or `protected`. */
export type Forbidden = Failure<'Forbidden'> & { readonly reason: string }
/** The current state does not allow the request: an image is still being created, a name is taken. If the provider asks to retry unchanged, the error is `Unavailable`. `reason`: `in_use` (another process holds the run) or `fenced` (another process has taken it over). */
export type Conflict = Failure<'Conflict'> & { readonly reason?: string | undefined }
/** The provider refused the request or failed to carry it out; a retry fails again. `blockedBy`: the transfer check that prevented the request. */
export type RequestRejected = Failure<'Rejected'> & { readonly blockedBy?: string | undefined }
/** The account has reached a quota. */
export type QuotaExceeded = Failure<'QuotaExceeded'>
/** Too many requests. `retryAfterMs`: how long to wait; `null`: unknown. */
export type RateLimited = Failure<'RateLimited'> & { readonly retryAfterMs: number | null }
/** The received and expected bytes of a truncated response. `expected`: `null`: unknown. */
export interface TruncatedResponse {
  readonly received: number
  readonly expected: number | null
}
/** The provider is not available now: network error, timeout, 5xx. `truncated`: the response was cut off. */
export type Unavailable = Failure<'Unavailable'> & { readonly truncated?: TruncatedResponse | undefined }
/** Several images match. */
export type Ambiguous = Failure<'Ambiguous'> & { readonly candidates: readonly Candidate[] }
/** A response that cannot be decoded. */
export type DecodeFailed = Failure<'DecodeFailed'> & { readonly issues: readonly Issue[] }
/** The source does not support this, with any credentials. */
export type Unsupported = Failure<'Unsupported'> & { readonly capability: CapabilityName }
/** Bytes have another digest or size than expected. `expected`, `actual`: a digest such as `sha512:9f86…`, or a size. */
export type IntegrityFailed = Failure<'IntegrityFailed'> & { readonly expected: string; readonly actual: string }
/** An image file that is unsafe to open. `check`: the check that failed. */
export type UnsafeImage = Failure<'UnsafeImage'> & { readonly check: string }
/** The caller's signal aborted the operation. */
export type Aborted = Failure<'Aborted'>

/** Every error of imago, as plain JSON. Never contains a token, a header or a payload. */
export type ImageError =
  | ConfigInvalid
  | NotFound
  | Unauthorized
  | Forbidden
  | Conflict
  | RequestRejected
  | QuotaExceeded
  | RateLimited
  | Unavailable
  | Ambiguous
  | DecodeFailed
  | Unsupported
  | IntegrityFailed
  | UnsafeImage
  | Aborted

export type ImageErrorTag = ImageError['_tag']

/** The default hint of each error. */
const HINTS: Readonly<Record<ImageErrorTag, string>> = {
  ConfigInvalid: 'Correct the configuration of this cloud',
  NotFound: 'Check the ID or name, the project and the region',
  Unauthorized: 'Check the credentials of this cloud',
  Forbidden: 'Use credentials with the required permission',
  Conflict: 'Check the state of the resource before you retry',
  Rejected: 'Correct the request',
  QuotaExceeded: 'Delete unused resources, or request a higher quota',
  RateLimited: 'Retry later',
  Unavailable: 'Retry later',
  Ambiguous: 'Use the ID',
  DecodeFailed: 'Check the address of the API; if it is right, report this bug',
  Unsupported: 'Check the capabilities of the cloud',
  IntegrityFailed: 'Do not use this data; check the source',
  UnsafeImage: 'Do not open this image',
  Aborted: 'Run it again',
}

const toSafeTrace = ({ method, path, status, requestId }: RequestTrace): RequestTrace => ({
  method,
  path: toSafePath(path),
  status,
  requestId: requestId === null ? null : toSafeName(requestId),
})

/** Copies only named keys, so that no headers or bodies of a passed object are included. */
const failure = <Tag extends ImageErrorTag>(
  _tag: Tag,
  { provider, cloud, operation, request }: ErrorSite,
  { what, hint = HINTS[_tag], remedy, changes = [] }: ErrorDetails,
): Failure<Tag> => ({
  _tag,
  provider,
  cloud,
  operation,
  what: toSafeText(what),
  hint: toSafeText(hint),
  ...(remedy === undefined ? {} : { remedy }),
  ...(changes.length === 0 ? {} : { changes }),
  request: request === null ? null : toSafeTrace(request),
})

/** Creates the site of an error at a cloud. */
export const createErrorSite = (
  cloud: { readonly provider: string; readonly cloud: string | null },
  operation: string,
  request: RequestTrace | null = null,
): ErrorSite => ({
  provider: cloud.provider,
  cloud: cloud.cloud,
  operation,
  request,
})

export const configInvalid = (site: ErrorSite, wording: ErrorDetails): ConfigInvalid =>
  failure('ConfigInvalid', site, wording)
export const notFound = (site: ErrorSite, wording: ErrorDetails): NotFound => failure('NotFound', site, wording)
export const unauthorized = (site: ErrorSite, wording: ErrorDetails): Unauthorized =>
  failure('Unauthorized', site, wording)
export const forbidden = (site: ErrorSite, wording: ErrorDetails & Pick<Forbidden, 'reason'>): Forbidden => ({
  ...failure('Forbidden', site, wording),
  reason: toSafeText(wording.reason),
})
export const conflict = (site: ErrorSite, wording: ErrorDetails & Pick<Conflict, 'reason'>): Conflict => ({
  ...failure('Conflict', site, wording),
  ...(wording.reason === undefined ? {} : { reason: toSafeText(wording.reason) }),
})
export const rejected = (
  site: ErrorSite,
  wording: ErrorDetails & Pick<RequestRejected, 'blockedBy'>,
): RequestRejected => ({
  ...failure('Rejected', site, wording),
  ...(wording.blockedBy === undefined ? {} : { blockedBy: toSafeText(wording.blockedBy) }),
})
export const quotaExceeded = (site: ErrorSite, wording: ErrorDetails): QuotaExceeded =>
  failure('QuotaExceeded', site, wording)
export const rateLimited = (
  site: ErrorSite,
  wording: ErrorDetails & Pick<RateLimited, 'retryAfterMs'>,
): RateLimited => ({
  ...failure('RateLimited', site, wording),
  retryAfterMs: wording.retryAfterMs,
})
export const unavailable = (site: ErrorSite, wording: ErrorDetails & Pick<Unavailable, 'truncated'>): Unavailable => ({
  ...failure('Unavailable', site, wording),
  ...(wording.truncated === undefined
    ? {}
    : { truncated: { received: wording.truncated.received, expected: wording.truncated.expected } }),
})
export const ambiguous = (site: ErrorSite, wording: ErrorDetails & Pick<Ambiguous, 'candidates'>): Ambiguous => ({
  ...failure('Ambiguous', site, wording),
  candidates: wording.candidates.map(({ ref, name, architecture, createdAt }) => ({
    ref,
    name,
    architecture,
    createdAt,
  })),
})
export const decodeFailed = (site: ErrorSite, wording: ErrorDetails & Pick<DecodeFailed, 'issues'>): DecodeFailed => ({
  ...failure('DecodeFailed', site, wording),
  issues: wording.issues.map(({ pointer, expected, got }) => ({ pointer, expected, got })),
})
export const unsupported = (site: ErrorSite, wording: ErrorDetails & Pick<Unsupported, 'capability'>): Unsupported => ({
  ...failure('Unsupported', site, wording),
  capability: wording.capability,
})
export const integrityFailed = (
  site: ErrorSite,
  wording: ErrorDetails & Pick<IntegrityFailed, 'expected' | 'actual'>,
): IntegrityFailed => ({
  ...failure('IntegrityFailed', site, wording),
  expected: toSafeName(wording.expected),
  actual: toSafeName(wording.actual),
})
export const unsafeImage = (site: ErrorSite, wording: ErrorDetails & Pick<UnsafeImage, 'check'>): UnsafeImage => ({
  ...failure('UnsafeImage', site, wording),
  check: toSafeText(wording.check),
})
export const aborted = (site: ErrorSite, wording: ErrorDetails = { what: 'interrupted' }): Aborted =>
  failure('Aborted', site, wording)
