import { isUse, listOrigins, listUsers, type UsageState } from '@imago/core'

/** The maximum number of users shown in a cell. */
const MAX_NAMED_USERS = 3

/** Formats the users of an image for a table: `server web-1, server web-2, +5 more`, `none`, `unknown`; `null`: usage was not read. */
export const describeUsage = (usage: UsageState | null): string | null => {
  if (usage === null) return null
  const users = listUsers(usage)
  if (users.length === 0) return usage.state === 'unused' ? 'none' : 'unknown'
  const named = users.slice(0, MAX_NAMED_USERS)
  return [...named, ...(users.length > MAX_NAMED_USERS ? [`+${users.length - MAX_NAMED_USERS} more`] : [])].join(', ')
}

/** Formats the servers from which an image was created and that exist, but do not need it: `server web-1`. */
export const describeOrigins = (usage: UsageState): string | null => listOrigins(usage).join(', ') || null

/** Converts the usage of an image to its form in JSON documents. */
export const usageToJson = (usage: UsageState): unknown => ({
  state: usage.state,
  usedBy: usage.edges.filter(isUse).map(({ by, relation, via, evidence, dependsOn }) => ({
    ...by,
    relation,
    via,
    evidence,
    dependsOn,
  })),
  createdFrom: usage.edges.filter((edge) => !isUse(edge)).map(({ by, via, evidence }) => ({ ...by, via, evidence })),
  ...(usage.state === 'unknown' ? { reasons: usage.reasons } : {}),
})
