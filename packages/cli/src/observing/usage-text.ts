import type { UsageEdge, UsageState } from '@imago/core'

/** The most users that a cell names. */
const MOST_NAMED = 3

const describeUser = ({ by }: UsageEdge): string => `${by.kind} ${by.name ?? by.id}`

/** Whether an edge is a use: an image may be deleted without harm to the server it was created from. */
export const isUse = ({ relation }: UsageEdge): boolean => relation !== 'origin'

/** The users of an image for a table: `server web-1, server web-2, +5 more`, `none`, `unknown`; `null`: was not read. */
export const describeUsage = (usage: UsageState | null): string | null => {
  if (usage === null) return null
  const users = [...new Set(usage.edges.filter(isUse).map(describeUser))]
  if (users.length === 0) return usage.state === 'unused' ? 'none' : 'unknown'
  const named = users.slice(0, MOST_NAMED)
  return [...named, ...(users.length > MOST_NAMED ? [`+${users.length - MOST_NAMED} more`] : [])].join(', ')
}

/** The usage of an image as documents contain it. */
export const usageToJson = (usage: UsageState): unknown => ({
  state: usage.state,
  usedBy: usage.edges.filter(isUse).map(({ by, relation, via, evidence, dependsOn }) => ({
    ...by,
    relation,
    via,
    evidence,
    dependsOn,
  })),
  ...(usage.state === 'unknown' ? { reasons: usage.reasons } : {}),
})
