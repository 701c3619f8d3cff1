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

/** The server that an image was created from, and the one that a backup is deleted with. Empty only if the record states both as null. */
export const toOrigins = ({
  created_from,
  bound_to,
}: Pick<HetznerImage, 'created_from' | 'bound_to'>): readonly Origin[] | null | undefined => {
  const from = createdFrom(created_from)
  const bound = bound_to === null || bound_to === undefined ? null : server('bound-to', bound_to, null)
  // Literals, because an array that grows by `push` allocates room for more elements.
  if (from !== null) return bound === null ? [from] : [from, bound]
  if (bound !== null) return [bound]
  return created_from === null && bound_to === null ? null : undefined
}
