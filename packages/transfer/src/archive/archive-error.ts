import {
  ImageException,
  integrityFailed,
  rejected,
  type ErrorDetails,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import { ArchiveFault } from './fault.ts'

const adviseMember = (advice: string | null): Pick<ErrorDetails, 'hint' | 'remedy' | 'changes'> =>
  advice === null
    ? {
        hint: 'Create a new plan with the name of the disk file in the archive',
        remedy: 'new-plan',
        changes: [{ parameter: 'member', values: [] }],
      }
    : { hint: advice, remedy: 'new-plan' }

/** The error for an archive's fault. */
export const toArchiveError = (site: ErrorSite, { kind, message, advice }: ArchiveFault): ImageError => {
  const again = 'Fetch or create it again, then create a new plan'
  switch (kind) {
    case 'foreign':
      return rejected(site, {
        what: `not a tar archive: ${message}`,
        hint: 'Create a new plan, without extracting the source if it is not an archive',
        remedy: 'new-plan',
        changes: [{ parameter: 'archive', values: ['none'] }],
      })
    case 'truncated':
      return integrityFailed(site, {
        what: `the archive is truncated: ${message}`,
        expected: 'a complete archive',
        actual: 'a part of one',
        hint: again,
      })
    case 'damaged':
      return integrityFailed(site, {
        what: `the archive is damaged: ${message}`,
        expected: 'an intact archive',
        actual: 'a damaged one',
        hint: again,
      })
    case 'unsupported':
      return rejected(site, {
        what: `the archive is not supported: ${message}`,
        hint: 'Extract the disk by other means, then create a new plan with it',
        remedy: 'new-plan',
      })
    case 'absent':
      return rejected(site, {
        what: `the disk is not in the archive: ${message}`,
        ...adviseMember(advice),
      })
    case 'choice':
      return rejected(site, {
        what: `the disk in the archive cannot be determined: ${message}`,
        ...adviseMember(advice),
      })
    case 'other-disk':
      return rejected(site, { what: message, hint: 'Create a new plan', remedy: 'new-plan' })
  }
}

export const toException = (site: ErrorSite, thrown: unknown): unknown =>
  thrown instanceof ArchiveFault ? new ImageException(toArchiveError(site, thrown)) : thrown
