import type { UsageEdge, UsageState } from '@imago/core'

/** The maximum number of users shown in a cell. */
const MOST_NAMED = 3

const describeUser = ({ by }: UsageEdge): string => `${by.kind} ${by.name ?? by.id}`

/** Whether an edge is a use. The server from which an image was created does not need the image. */
export const isUse = ({ relation }: UsageEdge): boolean => relation !== 'origin'

/** Formats the users of an image for a table: `server web-1, server web-2, +5 more`, `none`, `unknown`; `null`: usage was not read. */
export const describeUsage = (usage: UsageState | null): string | null => {
  if (usage === null) return null
  const users = [...new Set(usage.edges.filter(isUse).map(describeUser))]
  if (users.length === 0) return usage.state === 'unused' ? 'none' : 'unknown'
  const named = users.slice(0, MOST_NAMED)
  return [...named, ...(users.length > MOST_NAMED ? [`+${users.length - MOST_NAMED} more`] : [])].join(', ')
}

/** Formats the servers from which an image was created and that exist, but do not need it: `server web-1`. */
export const describeOrigins = ({ edges }: UsageState): string | null =>
  [...new Set(edges.filter((edge) => !isUse(edge)).map(describeUser))].join(', ') || null

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
  ...(usage.state === 'unknown' ? { reasons: usage.reasons } : {}),
})
