import type { StoreError } from '@imago/store'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { Problem } from '../problem.ts'

const toExitCode = ({ _tag }: StoreError): ExitCode => {
  if (_tag === 'TargetInvalid' || _tag === 'TimeInvalid') return EXIT.usage
  return _tag === 'StoreLocked' ? EXIT.temporary : EXIT.error
}

/** The hint for an error of a store. */
const toHint = (error: StoreError): string => {
  switch (error._tag) {
    case 'PackageMissing':
      return `. Install it: npm install --global ${error.packageName}`
    case 'NotAStore':
      return ''
    case 'StoreTooNew':
      return '. Update imago'
    case 'StoreLocked':
      return '. Retry when it has finished'
    case 'RunOutOfOrder':
      return '. To store older images too, export all of them into a new store, the oldest first'
    case 'TimeInvalid':
      return '. Use a date such as 2026-11-01, or a time such as 2026-11-01T03:00:00Z'
    case 'TargetInvalid':
    case 'StoreFailed':
      return ''
  }
}

/** The problem that ends the command because of `error`. */
export const toStoreProblem = (error: StoreError, action: 'export to' | 'read' = 'export to'): Problem =>
  new Problem(`cannot ${action} ${error.target}: ${error.what}${toHint(error)}`, toExitCode(error))
