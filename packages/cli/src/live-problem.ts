import { isRetryable, formatError, type Candidate, type ImageError } from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { EXIT, type ExitCode } from './exit-code.ts'
import { Problem } from './problem.ts'

/** What the exit code tells of an error. */
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

/** Several failures end with the code that all of them have, else with 1; with 130 if the user ended it. */
export const mergeExitCodes = (failures: readonly ExitCode[]): ExitCode => {
  const [code, ...others] = new Set(failures)
  if (code === undefined) return EXIT.done
  if (failures.includes(EXIT.interrupted)) return EXIT.interrupted
  return others.length === 0 ? code : EXIT.error
}

/** The same, of errors of what was named or listed: that several are missing (3) is no answer to one name. */
export const errorsToExitCode = (errors: readonly ImageError[]): ExitCode => {
  const code = mergeExitCodes(errors.map(errorToExitCode))
  return code === EXIT.notFound ? EXIT.error : code
}

/** Of errors of images that were changed or transferred: one ends with its own code, several as `errorsToExitCode` says. */
export const changeErrorsToExitCode = (errors: readonly ImageError[]): ExitCode => {
  const [error, ...others] = errors
  return error !== undefined && others.length === 0 ? errorToExitCode(error) : errorsToExitCode(errors)
}

/** More candidates than this are counted, not listed. */
const MOST_CANDIDATES = 20

/** The exact place of a candidate, and what tells it from the others. */
const formatCandidate = ({ ref, name, architecture, createdAt }: Candidate): string =>
  [formatImageRef(ref), name, architecture, createdAt].filter((part) => part !== null).join('  ')

const candidatesText = (candidates: readonly Candidate[]): string => {
  const more = candidates.length - MOST_CANDIDATES
  return [...candidates.slice(0, MOST_CANDIDATES).map(formatCandidate), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '\n',
  )
}

/** The message of an error, as it stands behind `imago: `. */
export const formatErrorLine = (error: ImageError): string => formatError(error).replace(/^imago: /, '')

/** What ends a command because of `error`. Candidates stand below it, as places that can be typed. */
export const toProblem = (error: ImageError): Problem =>
  new Problem(
    formatErrorLine(error),
    errorToExitCode(error),
    error._tag === 'Ambiguous' && error.candidates.length > 0 ? candidatesText(error.candidates) : null,
  )
