import { formatIssue } from '@imago/codec'
import type { Candidate, ImageError, RequestTrace } from './image-error.ts'
import { toOneLine } from '../text/safe-text.ts'
import { trimTrailing } from '../text/trim-trailing.ts'

/** Further candidates are counted, not listed. */
const MAX_CANDIDATES = 5

const formatCandidates = (candidates: readonly Candidate[]): string => {
  const shown = candidates
    .slice(0, MAX_CANDIDATES)
    .map(({ ref, architecture }) => (architecture === null ? ref.id : `${ref.id} (${architecture})`))
  const more = candidates.length - shown.length
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}

/** Details of this kind of error, which follow `what`. */
const formatDetail = (error: ImageError): string => {
  switch (error._tag) {
    case 'DecodeFailed': {
      const [first, ...others] = error.issues
      if (first === undefined) return ''
      return `: ${toOneLine(formatIssue(first))}${others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'field' : 'fields'})`}`
    }
    case 'Ambiguous':
      return error.candidates.length === 0 ? '' : `: ${toOneLine(formatCandidates(error.candidates))}`
    case 'IntegrityFailed':
      return `; expected ${error.expected}, got ${error.actual}`
    case 'RateLimited':
      return error.retryAfterMs === null ? '' : `; asked to wait ${Math.ceil(error.retryAfterMs / 1000)} s`
    default:
      return ''
  }
}

const formatTrace = (request: RequestTrace | null): string => {
  if (request === null) return ''
  const { method, path, status, requestId } = request
  return ` (${method} ${path}${status === null ? '' : `, HTTP ${status}`}${requestId === null ? '' : `, request ${requestId}`})`
}

/** Readable names of operations. */
const OPERATION_WORDS: ReadonlyMap<string, string> = new Map([
  ['listPage', 'list images'],
  ['createFromServer', 'create image'],
  ['createFromBytes', 'create image'],
  ['shares', 'list shares'],
  ['setVisibility', 'set visibility'],
  ['copyToStore', 'copy to store'],
  ['importFromUrl', 'import image'],
  ['uploadLimits', 'read limits'],
  ['deleteOrphan', 'delete orphan'],
])

const trimFullStop = (text: string): string => trimTrailing(text, '. \t\r\n')

/** The operation, unless what happened says enough without it: nothing was found, or several images. */
const formatOperation = ({ _tag, operation }: ImageError): string =>
  _tag === 'NotFound' || _tag === 'Ambiguous' ? '' : `${toOneLine(OPERATION_WORDS.get(operation) ?? operation)}: `

/**
 * One line without the cloud and the operation, for texts that name them already: `what happened. What to do`. It ends without a full stop.
 *
 * @example no connection to https://api.hetzner.cloud (ECONNREFUSED) (GET /v1/servers). Check the address and the network, or retry later
 */
export const formatReason = (error: ImageError): string => {
  const hint = trimFullStop(error.hint)
  return `${trimFullStop(error.what)}${formatDetail(error)}${formatTrace(error.request)}${hint === '' ? '' : `. ${hint}`}`
}

/**
 * One line: `provider/cloud: operation: what happened. What to do`. Without the operation if an image was not found, or several match. It ends without a full
 * stop, because it often ends with a command to copy.
 *
 * @example hetzner/prod: image not found: 42 (GET /v1/images/42, HTTP 404, request 55d1). Check the ID or name, the project and the region
 */
export const formatError = (error: ImageError): string => {
  const cloud = error.cloud === null ? error.provider : `${error.provider}/${error.cloud}`
  // Errors of the local state have no provider.
  const place = cloud === '' ? '' : `${toOneLine(cloud)}: `
  return `${place}${formatOperation(error)}${formatReason(error)}`
}
