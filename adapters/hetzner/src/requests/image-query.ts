import {
  toValueList,
  type AnyOf,
  type ImageKind,
  type ImageStatus,
  type Query,
  type Visibility,
} from '@imago/core/provider'
import type { HetznerArchitecture, HetznerImageStatus, HetznerImageType } from '@imago/schema-hetzner'
import type { ImageListParameters } from './images.ts'
import { toLabelSelector } from './label-selector.ts'

/** The words of a parameter; `any`: the API cannot filter by them; `none`: no image can fit. */
type Words<W> = readonly W[] | 'any' | 'none'

const TYPES: Readonly<Record<ImageKind, Words<HetznerImageType>>> = {
  system: ['system'],
  app: ['app'],
  snapshot: ['snapshot'],
  backup: ['backup'],
  image: 'none',
  // The API cannot be queried for words that imago does not know.
  unknown: 'any',
}

const TYPES_OF_VISIBILITY: Readonly<Record<Visibility, Words<HetznerImageType>>> = {
  public: ['system', 'app'],
  private: ['snapshot', 'backup'],
  shared: 'none',
  community: 'none',
  unknown: 'any',
}

const STATUSES: Readonly<Record<ImageStatus, Words<HetznerImageStatus>>> = {
  available: ['available'],
  pending: ['creating'],
  unavailable: ['unavailable'],
  failed: 'none',
  deleting: 'none',
  // Decided by a date, whatever the status: see map-image.
  deleted: 'any',
  unknown: 'any',
}

const ARCHITECTURES: ReadonlyMap<string, HetznerArchitecture> = new Map([
  ['x86_64', 'x86'],
  ['aarch64', 'arm'],
])

/** Hetzner's word for an architecture; `undefined`: it has none. */
export const architectureWord = (architecture: string): HetznerArchitecture | undefined =>
  ARCHITECTURES.get(architecture)

const both = <W>(a: Words<W>, b: Words<W>): Words<W> => {
  if (a === 'any') return b
  if (b === 'any') return a
  if (a === 'none' || b === 'none') return 'none'
  const common = a.filter((word) => b.includes(word))
  return common.length === 0 ? 'none' : common
}

/** Combines the words of alternative values. */
const either = <W>(a: Words<W>, b: Words<W>): Words<W> => {
  if (a === 'none') return b
  if (b === 'none') return a
  return a === 'any' || b === 'any' ? 'any' : [...new Set([...a, ...b])]
}

const toWords = <K extends string, W>(table: Readonly<Record<K, Words<W>>>, wanted: AnyOf<K> | undefined): Words<W> =>
  wanted === undefined
    ? 'any'
    : toValueList<K>(wanted)
        .map((word) => table[word])
        .reduce<Words<W>>(either, 'none')

const asked = <W>(words: Words<W>): readonly W[] | undefined => (typeof words === 'string' ? undefined : words)

/** The value of a parameter that accepts one. */
const single = (wanted: AnyOf<string> | undefined): string | undefined => {
  const [value, ...others] = wanted === undefined ? [] : toValueList(wanted)
  return others.length > 0 ? undefined : value
}

const isNone = (wanted: AnyOf<string> | undefined): boolean => wanted !== undefined && toValueList(wanted).length === 0

/**
 * The parameters that return all images of the query, and as few others as possible; `null`: no image can fit.
 * Lists include deprecated images unless the query excludes them.
 */
export const toListParameters = (
  query: Query,
): Pick<
  ImageListParameters,
  'type' | 'status' | 'include_deprecated' | 'name' | 'label_selector' | 'architecture'
> | null => {
  const type = both(toWords(TYPES, query.kind), toWords(TYPES_OF_VISIBILITY, query.visibility))
  const status = toWords(STATUSES, query.status)
  const selector = query.labels === undefined ? undefined : toLabelSelector(query.labels)
  if (type === 'none' || status === 'none' || selector === null || isNone(query.name) || isNone(query.architecture))
    return null
  const [name, architecture] = [single(query.name), single(query.architecture)]
  return {
    type: asked(type),
    status: asked(status),
    include_deprecated: query.deprecated !== false,
    // An empty one would match any.
    name: name === '' ? undefined : name,
    label_selector: selector,
    architecture: architecture === undefined ? undefined : architectureWord(architecture),
  }
}
