import type { UsageEdge } from '../source/usage.ts'

/** Whether an edge is a use. The server from which an image was created does not need the image. */
export const isUse = ({ relation }: Pick<UsageEdge, 'relation'>): boolean => relation !== 'origin'

const describeUser = ({ by }: UsageEdge): string => `${by.kind} ${by.name ?? by.id}`

/** The users of an image, each once: `server web-1`. */
export const listUsers = ({ edges }: { readonly edges: readonly UsageEdge[] }): readonly string[] => [
  ...new Set(edges.filter(isUse).map(describeUser)),
]

/** The servers from which an image was created and that exist, but do not need it, each once: `server web-1`. */
export const listOrigins = ({ edges }: { readonly edges: readonly UsageEdge[] }): readonly string[] => [
  ...new Set(edges.filter((edge) => !isUse(edge)).map(describeUser)),
]
