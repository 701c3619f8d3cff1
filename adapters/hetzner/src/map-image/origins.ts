import type { Origin } from '@imago/core'
import type { HetznerImage } from '@imago/schema-hetzner/image'

const server = (relation: Origin['relation'], id: number | null | undefined, name: string | null | undefined): Origin => ({
  relation,
  kind: 'server',
  id: id === null || id === undefined ? null : String(id),
  name: name ?? null,
  url: null,
})

/** The server an image was made from, and the one a backup hangs on and dies with. */
export const toOrigins = ({ created_from, bound_to }: Pick<HetznerImage, 'created_from' | 'bound_to'>): readonly Origin[] | null | undefined => {
  const origins: Origin[] = []
  if (created_from !== null && created_from !== undefined && (typeof created_from.id === 'number' || typeof created_from.name === 'string')) {
    origins.push(server('created-from', created_from.id, created_from.name))
  }
  if (bound_to !== null && bound_to !== undefined) origins.push(server('bound-to', bound_to, null))
  if (origins.length > 0) return origins
  return created_from === null || bound_to === null ? null : undefined
}
