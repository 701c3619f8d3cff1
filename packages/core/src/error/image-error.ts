import type { Issue } from '@imago/codec'
import type { CapabilityName } from '../capability-names.ts'
import type { ImageRef } from '../image/values.ts'
import { toSafePath, toSafeName, toSafeText } from '../text/safe-text.ts'

/** The request behind an error. Enough to ask a provider about it, nothing that could be replayed. */
export interface RequestTrace {
  readonly method: string
  /** Without host and query. */
  readonly path: string
  /** `null`: there was no answer. */
  readonly status: number | null
  readonly requestId: string | null
}

/** Where an error happened. */
export interface ErrorSite {
  readonly provider: string
  /** The name that the user gave to the cloud. */
  readonly cloud: string | null
  /** What was being done: a method of the source, or a word like it. */
  readonly operation: string
  readonly request: RequestTrace | null
}

/**
 * What would help, for programs: `hint` says it to people.
 *
 * - `new-plan`: the plan no longer fits what it is about. Carried out again, it fails again.
 * - `new-source`: the bytes of the source are wrong. The same plan fails again until they have changed.
 * - `resume`: doing it again from the beginning helps, although errors of this kind are usually final.
 * - `discard-run`: the journal of the run cannot be used. Discard the run, then make a new plan.
 */
export type Remedy = 'new-plan' | 'new-source' | 'resume' | 'discard-run'

/** A parameter whose change would help. `hint` says so in words; the command adds its option. */
export interface ParameterChange {
  /** The library's name of the parameter, as `sourceFormat`. */
  readonly parameter: string
  /** Values that would help; empty: another value, or none. */
  readonly values: readonly string[]
}

/** What happened, and what to do: without a final stop. Left out, `hint` is the usual one for the kind of error. */
export interface ErrorDetails {
  readonly what: string
  readonly hint?: string | undefined
  readonly remedy?: Remedy | undefined
  readonly changes?: readonly ParameterChange[] | undefined
}

/** What is known of an upload that failed: what its caller decides by (`decideUploadStep`). */
export interface UploadFailure {
  /** `accepted`: a success, and yet. `refused`: the same bytes get the same answer again. `failed`: no answer, or one that says nothing of the bytes. */
  readonly response: 'accepted' | 'refused' | 'failed'
  /** How much of the data was handed over, by this call or by earlier ones of the same caller. */
  readonly sent: 'nothing' | 'part' | 'all'
  /** How many bytes this call has handed over. */
  readonly bytes: number
  /**
   * What the image was afterwards. `empty`: waits for data; `receiving`: data are being written to it; `whole`: has data that could not be compared;
   * `same`, `other`: has data that are, or are not, what was sent; `withheld`: has data that nobody gets; `failed`: can never get data any more;
   * `foreign`: not the caller's; `stale`: only a record from before could be read, as a cache gives it; `unknown`: could not be read.
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
  /** Of an upload only, where it was begun. */
  readonly upload?: UploadFailure | undefined
}

/** One of several images that fit. */
export interface Candidate {
  readonly ref: ImageRef
  readonly name: string | null
  readonly architecture: string | null
  readonly createdAt: string | null
}

/** Options, environment or files do not make a usable cloud. */
export type ConfigInvalid = Failure<'ConfigInvalid'>
/** No such image, or none that these credentials can see. */
export type NotFound = Failure<'NotFound'>
/** The credentials were not accepted. */
export type Unauthorized = Failure<'Unauthorized'>
/** Accepted, but not for this. `reason`: the provider's word, or `protected`. */
export type Forbidden = Failure<'Forbidden'> & { readonly reason: string }
/** The state of things forbids it, now: an image still being made, a name taken. What a provider asks to repeat as it is, is `Unavailable`. */
export type Conflict = Failure<'Conflict'>
/** The provider refused the request as wrong, or began and failed: repeating it gives the same. `blockedBy`: nothing was asked, for a transfer's check of this name is in the way. */
export type RequestRejected = Failure<'Rejected'> & { readonly blockedBy?: string | undefined }
/** More than the account may have. */
export type QuotaExceeded = Failure<'QuotaExceeded'>
/** Too many requests. `retryAfterMs`: how long to wait, where the provider says. */
export type RateLimited = Failure<'RateLimited'> & { readonly retryAfterMs: number | null }
/** How far an answer came that broke off, in bytes. `expected`: as many as there should have been; `null`: not known. */
export interface TruncatedResponse {
  readonly received: number
  readonly expected: number | null
}
/** The provider did not answer, or not now: network, timeout, 5xx. `truncated`: it did answer, but not to the end. */
export type Unavailable = Failure<'Unavailable'> & { readonly truncated?: TruncatedResponse | undefined }
/** Several images fit. */
export type Ambiguous = Failure<'Ambiguous'> & { readonly candidates: readonly Candidate[] }
/** An answer that cannot be read. */
export type DecodeFailed = Failure<'DecodeFailed'> & { readonly issues: readonly Issue[] }
/** The source cannot do this, whatever the credentials. */
export type Unsupported = Failure<'Unsupported'> & { readonly capability: CapabilityName }
/** Bytes are not what they were said to be. `expected`, `actual`: a digest as `sha512:9f86…`, or a size. */
export type IntegrityFailed = Failure<'IntegrityFailed'> & { readonly expected: string; readonly actual: string }
/** An image file that could harm whoever opens it. `check`: the check that refused it. */
export type UnsafeImage = Failure<'UnsafeImage'> & { readonly check: string }
/** The caller's signal stopped it. */
export type Aborted = Failure<'Aborted'>

/** Everything that can go wrong. A plain JSON value; never holds a token, a header or a payload. */
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
  NotFound: 'Check the id or name, the project and the region',
  Unauthorized: 'Check the credentials of this cloud',
  Forbidden: 'Use credentials with the required permission',
  Conflict: 'Check the state of the image before you retry',
  Rejected: 'Correct the request',
  QuotaExceeded: 'Delete unused resources, or request a higher quota',
  RateLimited: 'Retry later',
  Unavailable: 'Try again later',
  Ambiguous: 'Give the id',
  DecodeFailed: 'Check the address of the API; if it is right, report this',
  Unsupported: 'See the capabilities of this cloud',
  IntegrityFailed: 'Do not use this data; check the source',
  UnsafeImage: 'Do not open this image',
  Aborted: 'Run it again',
}

const traceOf = ({ method, path, status, requestId }: RequestTrace): RequestTrace => ({
  method,
  path: toSafePath(path),
  status,
  requestId: requestId === null ? null : toSafeName(requestId),
})

/** Named keys only: whatever else an object carries (headers, bodies) stays behind. */
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
  request: request === null ? null : traceOf(request),
})

/** The site of an error at a cloud. */
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
export const conflict = (site: ErrorSite, wording: ErrorDetails): Conflict => failure('Conflict', site, wording)
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
