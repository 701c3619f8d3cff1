import { IMPORT_METHODS } from './import-request.ts'
import { hasUnifiedLimits, MIB, countUploads } from './limits.ts'
import { requireAdmin, type Caller } from './policy.ts'
import type { GlanceState, Store } from './state.ts'

export const importInfo = (): unknown => ({
  'import-methods': { description: 'Import methods available.', type: 'array', value: IMPORT_METHODS },
})

/** Glance returns these booleans as strings. */
const presentStore = ({ id, description, isDefault, readOnly }: Store): Readonly<Record<string, unknown>> => ({
  id,
  description,
  ...(isDefault ? { default: 'true' } : {}),
  ...(readOnly ? { 'read-only': 'true' } : {}),
})

export const storesInfo = (state: GlanceState): unknown => ({ stores: state.stores.map(presentStore) })

export const storesDetail = (state: GlanceState, caller: Caller): unknown => {
  requireAdmin(caller, 'stores_info_detail')
  return {
    stores: state.stores.map((store) => ({
      ...presentStore(store),
      type: store.type,
      properties:
        store.type === 'file'
          ? { data_dir: `/var/lib/glance/${store.id}`, chunk_size: 65536, thin_provisioning: false }
          : {},
    })),
  }
}

/** Empty unless the cloud has unified limits. */
export const usageInfo = (state: GlanceState, { project }: Caller): unknown => {
  const { images: limit, storage, uploads } = state.quotas
  if (limit === null || !hasUnifiedLimits(state)) return { usage: {} }
  const own = [...state.images.values()].filter(({ owner }) => owner === project)
  const mebibytes = (sizes: readonly number[]): number => Math.floor(sizes.reduce((sum, size) => sum + size, 0) / MIB)
  const storageLimit = storage === null ? -1 : Math.floor(storage / MIB)
  return {
    usage: {
      image_size_total: {
        usage: mebibytes(own.map(({ content, size }) => (content === null ? 0 : (size ?? 0)))),
        limit: storageLimit,
      },
      image_stage_total: { usage: mebibytes(own.map(({ staged }) => staged?.size ?? 0)), limit: storageLimit },
      image_count_total: { usage: own.length, limit },
      image_count_uploading: { usage: countUploads(state, project), limit: uploads ?? limit },
    },
  }
}

const VERSIONS = [
  'v2.15',
  'v2.13',
  'v2.12',
  'v2.11',
  'v2.10',
  'v2.9',
  'v2.8',
  'v2.7',
  'v2.6',
  'v2.5',
  'v2.4',
  'v2.3',
  'v2.2',
  'v2.1',
  'v2.0',
]

/** The versions of a Glance with several stores and without a cache. */
export const versions = (root: string): unknown => ({
  versions: VERSIONS.map((id, index) => ({
    id,
    status: index === 0 ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${root}/v2/` }],
  })),
})
