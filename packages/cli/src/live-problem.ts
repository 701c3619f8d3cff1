import { isRetryable, formatError, formatReason, type Candidate, type ImageError } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { EXIT, type ExitCode } from './exit-code.ts'
import { Problem } from './problem.ts'
import { withOptions } from './remedy.ts'

/** The exit code of an error. */
export const errorToExitCode = (error: ImageError): ExitCode => {
  switch (error._tag) {
    case 'NotFound':
    case 'Ambiguous':
      return EXIT.notFound
    case 'IntegrityFailed':
    case 'UnsafeImage':
      return EXIT.refused
    case 'Aborted':
      return EXIT.interrupted
    case 'Rejected':
      return error.blockedBy === undefined ? EXIT.error : EXIT.refused
    case 'Forbidden':
      return error.reason === 'protected' ? EXIT.refused : EXIT.error
    default:
      return isRetryable(error) ? EXIT.temporary : EXIT.error
  }
}

/** The common code of several failures, else 1; 130 if the user interrupted the command. */
export const mergeExitCodes = (failures: readonly ExitCode[]): ExitCode => {
  const [code, ...others] = new Set(failures)
  if (code === undefined) return EXIT.done
  if (failures.includes(EXIT.interrupted)) return EXIT.interrupted
  return others.length === 0 ? code : EXIT.error
}

/** The exit code of errors of several clouds or images. 3 (not found) applies to a single name only, and becomes 1. */
export const errorsToExitCode = (errors: readonly ImageError[]): ExitCode => {
  const code = mergeExitCodes(errors.map(errorToExitCode))
  return code === EXIT.notFound ? EXIT.error : code
}

/** The exit code of failed changes or transfers: of a single error its own, of several as `errorsToExitCode`. */
export const changeErrorsToExitCode = (errors: readonly ImageError[]): ExitCode => {
  const [error, ...others] = errors
  return error !== undefined && others.length === 0 ? errorToExitCode(error) : errorsToExitCode(errors)
}

/** Further candidates are counted, not listed. */
const MAX_CANDIDATES = 20

/** The address of a candidate, and the fields that distinguish it from others. */
const formatCandidate = ({ ref, name, architecture, createdAt }: Candidate): string =>
  [formatImageRef(ref), name, architecture, createdAt].filter((part) => part !== null).join('  ')

const candidatesText = (candidates: readonly Candidate[]): string => {
  const more = candidates.length - MAX_CANDIDATES
  return [...candidates.slice(0, MAX_CANDIDATES).map(formatCandidate), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '\n',
  )
}

/** The message of an error, without the prefix `imago: `. */
export const formatErrorLine = (error: ImageError): string => formatError(withOptions(error)).replace(/^imago: /, '')

/** The reason of an error, for messages that name the cloud already. */
export const formatReasonLine = (error: ImageError): string => formatReason(withOptions(error))

/** The problem that ends the command because of `error`. Candidates are listed below it, by their addresses. */
export const toProblem = (error: ImageError): Problem =>
  error._tag === 'Ambiguous' && error.candidates.length > 0
    ? new Problem(
        formatErrorLine({ ...error, candidates: [] }),
        errorToExitCode(error),
        candidatesText(error.candidates),
      )
    : new Problem(formatErrorLine(error), errorToExitCode(error))
