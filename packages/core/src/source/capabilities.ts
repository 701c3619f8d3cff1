import { CAPABILITY_NAMES, type CapabilityName } from '../capability-names.ts'
import type { MetadataRules } from './metadata-rules.ts'
import type { ImageKind } from '../image/values.ts'
import type { FilterName } from '../query/query.ts'
import type { ImageChanges } from './image-changes.ts'

/** Limits of the provider; `null`: none is known. */
export interface Limits {
  /** The most images that one page can hold. */
  readonly pageSize: number | null
  /** The most bytes that can be uploaded as one image. */
  readonly uploadBytes: number | null
}

/** What a call costs. A hint for plans, never a promise. */
export interface CostHint {
  /** Requests of one call; `null`: it depends. */
  readonly requests: number | null
  /** It may add to the bill: a helper server, storage. */
  readonly billed: boolean
  /** It goes on after the call has returned, for minutes or more. */
  readonly long: boolean
}

/** What presence of methods cannot tell, and an adapter therefore declares. */
export interface DeclaredCapabilities {
  /** What the server filters, exactly as `matches` would. Core filters the rest. */
  readonly filters: readonly FilterName[]
  /** What `update` can change. */
  readonly changes: readonly (keyof ImageChanges)[]
  /** The algorithms of the digests that the provider itself asserts of stored bytes. */
  readonly digests: readonly string[]
  readonly limits: Limits
  /** The kinds of images whose ID stands for the same bytes as long as the image is available, by the provider's contract; absent: none is known. */
  readonly immutableKinds?: readonly ImageKind[] | undefined
  /** What the provider takes as names, labels, tags and properties; absent: no rule is known. */
  readonly metadata?: MetadataRules | undefined
  readonly costs: Readonly<Partial<Record<CapabilityName | 'get' | 'listPage', CostHint>>>
}

/** What a source can do. Plain JSON. */
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

/** Optional methods of a source: only their presence counts here. */
type Methods = Readonly<Partial<Record<CapabilityName, ((...args: never[]) => unknown) | undefined>>>

/** The capabilities of a source with these methods. Nobody states a method twice: what is present is what it can do. */
export const deriveCapabilities = (methods: Methods, declared: Partial<DeclaredCapabilities> = {}): Capabilities => {
  const present = { operations: CAPABILITY_NAMES.filter((name) => methods[name] !== undefined) }
  return { ...present, ...NOTHING, ...declared, ...present }
}

/** `capabilities` without some operations: what `probe` answers when this cloud or these credentials can do less than the adapter. */
export const withoutOperations = (capabilities: Capabilities, names: readonly CapabilityName[]): Capabilities => ({
  ...capabilities,
  operations: capabilities.operations.filter((name) => !names.includes(name)),
  changes: names.includes('update') ? [] : capabilities.changes,
  costs: Object.fromEntries(
    Object.entries(capabilities.costs).filter(([name]) => !(names as readonly string[]).includes(name)),
  ),
})
