import { formatIssue } from '@imago/codec'
import type { Rejected } from '@imago/core'

/** Why a record was rejected: `/images/3/id: expected string, got null`, or why nobody recognized it. */
export const reasonOf = ({ provider, issues }: Pick<Rejected, 'provider' | 'issues'>): string => (provider === null ? issues.map((issue) => issue.got) : issues.map(formatIssue)).join('; ')
