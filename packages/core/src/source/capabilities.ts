import { CAPABILITY_NAMES, type CapabilityName } from '../capability-names.ts'
import type { MetadataRules } from './metadata-rules.ts'
import type { ImageKind } from '../image/values.ts'
import type { FilterName } from '../query/query.ts'
import type { ImageChanges } from './image-changes.ts'

/** Limits of the provider; `null`: no limit is known. */
export interface Limits {
  /** Maximum number of images per page. */
  readonly pageSize: number | null
  /** Maximum number of bytes of an uploaded image. */
  readonly uploadBytes: number | null
}

/** The estimated cost of a call, for plans. Not guaranteed. */
export interface CostHint {
  /** Number of requests; `null`: varies. */
  readonly requests: number | null
  /** Whether the provider may charge for it, as for a helper server or storage. */
  readonly billed: boolean
  /** Whether the work continues for minutes or longer after the call has returned. */
  readonly long: boolean
}

/** Capabilities that an adapter declares because they do not follow from its methods. */
export interface DeclaredCapabilities {
  /** The filters that the server applies exactly as `matches` does. The library applies the others. */
  readonly filters: readonly FilterName[]
  /** The fields that `update` can change. */
  readonly changes: readonly (keyof ImageChanges)[]
  /** The algorithms of the digests that the provider computes of stored bytes. */
  readonly digests: readonly string[]
  readonly limits: Limits
  /** The kinds of images whose data cannot change while they are available, as the provider guarantees. Default: none. */
  readonly immutableKinds?: readonly ImageKind[] | undefined
  /** The provider's rules for names, labels, tags and properties. Default: no known rules. */
  readonly metadata?: MetadataRules | undefined
  readonly costs: Readonly<Partial<Record<CapabilityName | 'get' | 'listPage', CostHint>>>
}

/** The capabilities of a source. Plain JSON. */
export interface Capabilities extends DeclaredCapabilities {
  /** The optional methods that are present, in the order of `CAPABILITY_NAMES`. */
  readonly operations: readonly CapabilityName[]
}

const NOTHING: DeclaredCapabilities = {
  filters: [],
  changes: [],
  digests: [],
  limits: { pageSize: null, uploadBytes: null },
  costs: {},
}

/** The optional methods of a source, of which only the presence matters here. */
type Methods = Readonly<Partial<Record<CapabilityName, ((...args: never[]) => unknown) | undefined>>>

/** Derives the capabilities of a source from the methods that are present and the declared capabilities. */
export const deriveCapabilities = (methods: Methods, declared: Partial<DeclaredCapabilities> = {}): Capabilities => {
  const present = { operations: CAPABILITY_NAMES.filter((name) => methods[name] !== undefined) }
  return { ...present, ...NOTHING, ...declared, ...present }
}

/** Removes operations from `capabilities`, for a `probe` whose cloud or credentials support less than the adapter. */
export const withoutOperations = (capabilities: Capabilities, names: readonly CapabilityName[]): Capabilities => ({
  ...capabilities,
  operations: capabilities.operations.filter((name) => !names.includes(name)),
  changes: names.includes('update') ? [] : capabilities.changes,
  costs: Object.fromEntries(
    Object.entries(capabilities.costs).filter(([name]) => !(names as readonly string[]).includes(name)),
  ),
})
