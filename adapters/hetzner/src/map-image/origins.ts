import type { Origin } from '@imago/core/provider'
import type { HetznerImage } from '@imago/schema-hetzner/image'

const server = (
  relation: Origin['relation'],
  id: number | null | undefined,
  name: string | null | undefined,
): Origin => ({
  relation,
  kind: 'server',
  id: id === null || id === undefined ? null : String(id),
  name: name ?? null,
  url: null,
})

const createdFrom = (from: HetznerImage['created_from']): Origin | null =>
  from !== null && from !== undefined && (typeof from.id === 'number' || typeof from.name === 'string')
    ? server('created-from', from.id, from.name)
    : null

/** The server an image was made from, and the one a backup hangs on and dies with. There is none only where the record says so of both. */
export const toOrigins = ({
  created_from,
  bound_to,
}: Pick<HetznerImage, 'created_from' | 'bound_to'>): readonly Origin[] | null | undefined => {
  const from = createdFrom(created_from)
  const bound = bound_to === null || bound_to === undefined ? null : server('bound-to', bound_to, null)
  // Literals: an array that grows by `push` keeps room for many more.
  if (from !== null) return bound === null ? [from] : [from, bound]
  if (bound !== null) return [bound]
  return created_from === null && bound_to === null ? null : undefined
}
