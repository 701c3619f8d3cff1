import type { MetadataRules } from './metadata-rules.ts'
import type { FilterName } from './query.ts'
import type { ImageChanges } from './request.ts'
import type { ImageSource } from './source.ts'

type OptionalNames<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** The name of an optional method of `ImageSource`. */
export type CapabilityName = OptionalNames<ImageSource>

/** Everything that a source may be able to do beyond reading, in the order of the capability matrix: a sentence each. */
export const CAPABILITIES: Readonly<Record<CapabilityName, string>> = {
  owner: 'Tells which owner the images have that these credentials create.',
  update: 'Changes name, description, labels or other fields of an image.',
  remove: 'Deletes an image.',
  protect: 'Protects an image against deletion, and lifts the protection.',
  hide: 'Leaves an image out of default lists, and brings it back.',
  deactivate: 'Withholds the data of an image, and gives it back.',
  setVisibility: 'Sets who can see an image.',
  shares: 'Lists the projects that an image is shared with.',
  share: 'Shares an image with single projects.',
  servers: 'Lists the servers that an image can be made from.',
  createFromServer: 'Makes an image from the disk of a server.',
  create: 'Makes the record of an image, without data.',
  upload: 'Puts data into an image.',
  download: 'Reads the data of an image.',
  createFromBytes: 'Makes an image from bytes, record and data at once.',
  estimate: 'Tells what moving bytes needs and costs.',
  uploadLimits: 'Reports what new images can be: quotas, stores, formats.',
  leftovers: 'Finds what an interrupted run left behind.',
  removeLeftover: 'Removes what an interrupted run left behind.',
  importFromUrl: 'Lets the provider fetch the data of an image from a URL.',
  copyToStore: 'Copies the data of an image to other stores of the provider.',
  operations: 'Lists the long-running work of an image.',
  operation: 'Tells how long-running work stands.',
}

export const CAPABILITY_NAMES: readonly CapabilityName[] = Object.keys(CAPABILITIES) as CapabilityName[]

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
export interface Declared {
  /** What the server filters, exactly as `matches` would. Core filters the rest. */
  readonly filters: readonly FilterName[]
  /** What `update` can change. */
  readonly changes: readonly (keyof ImageChanges)[]
  /** The algorithms of the digests that the provider itself asserts of stored bytes. */
  readonly digests: readonly string[]
  readonly limits: Limits
  /** What the provider takes as names, labels, tags and properties; absent: no rule is known. */
  readonly metadata?: MetadataRules | undefined
  readonly costs: Readonly<Partial<Record<CapabilityName | 'get' | 'listPage', CostHint>>>
}

/** What a source can do. Plain JSON. */
export interface Capabilities extends Declared {
  /** The optional methods that are present, in the order of `CAPABILITIES`. */
  readonly operations: readonly CapabilityName[]
}

const NOTHING: Declared = { filters: [], changes: [], digests: [], limits: { pageSize: null, uploadBytes: null }, costs: {} }

/** The capabilities of a source with these methods. Nobody states a method twice: what is present is what it can do. */
export const capabilitiesOf = (methods: Pick<ImageSource, CapabilityName>, declared: Partial<Declared> = {}): Capabilities => {
  const present = { operations: CAPABILITY_NAMES.filter((name) => methods[name] !== undefined) }
  return { ...present, ...NOTHING, ...declared, ...present }
}

/** `capabilities` without some operations: what `probe` answers when this cloud or these credentials can do less than the adapter. */
export const withoutOperations = (capabilities: Capabilities, names: readonly CapabilityName[]): Capabilities => ({
  ...capabilities,
  operations: capabilities.operations.filter((name) => !names.includes(name)),
  changes: names.includes('update') ? [] : capabilities.changes,
  costs: Object.fromEntries(Object.entries(capabilities.costs).filter(([name]) => !(names as readonly string[]).includes(name))),
})
