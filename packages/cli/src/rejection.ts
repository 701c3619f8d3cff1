import { formatIssue, type Issue } from '@imago/codec'
import type { RejectedRecord, RejectionRemedy } from '@imago/core'

/** Replaces the library's remedy by the flag. */
const withFlag = (issue: Issue, remedy: RejectionRemedy): Issue =>
  issue.got.endsWith(remedy.words)
    ? {
        ...issue,
        got: `${issue.got.slice(0, -remedy.words.length)}use ${remedy.providers.map((provider) => `--provider ${provider}`).join(' or ')}`,
      }
    : issue

/** A rejection whose issues name the flags to use. */
export const withFlags = (rejected: RejectedRecord): RejectedRecord => {
  const { remedy, issues } = rejected
  return remedy === undefined ? rejected : { ...rejected, issues: issues.map((issue) => withFlag(issue, remedy)) }
}

/** The reason of a rejection: `/images/3/id: expected string, got null`, or why the record was not recognized. */
export const formatRejection = ({ provider, issues }: Pick<RejectedRecord, 'provider' | 'issues'>): string =>
  (provider === null ? issues.map((issue) => issue.got) : issues.map(formatIssue)).join('; ')
