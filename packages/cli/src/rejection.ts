import { formatIssue, type Issue } from '@imago/codec'
import type { RejectedRecord, RejectionRemedy } from '@imago/core'

/** The flag in place of the library's words for it. */
const withFlag = (issue: Issue, remedy: RejectionRemedy): Issue =>
  issue.got.endsWith(remedy.words)
    ? {
        ...issue,
        got: `${issue.got.slice(0, -remedy.words.length)}use ${remedy.providers.map((provider) => `--provider ${provider}`).join(' or ')}`,
      }
    : issue

/** A rejection whose issues name what to type. */
export const withFlags = (rejected: RejectedRecord): RejectedRecord => {
  const { remedy, issues } = rejected
  return remedy === undefined ? rejected : { ...rejected, issues: issues.map((issue) => withFlag(issue, remedy)) }
}

/** Why a record was rejected: `/images/3/id: expected string, got null`, or why nobody recognized it. */
export const formatRejection = ({ provider, issues }: Pick<RejectedRecord, 'provider' | 'issues'>): string =>
  (provider === null ? issues.map((issue) => issue.got) : issues.map(formatIssue)).join('; ')
