import { deriveCapabilities, type CapabilityName, type ImageChanges, type ImageSource } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createCaller } from './caller.ts'
import { createCloudMethods } from './cloud-methods.ts'
import { createCreateMethods } from './create-methods.ts'
import { createDataMethods } from './data-methods.ts'
import { createImageMethods } from './image-methods.ts'
import { createListPage } from './list-page.ts'
import type { MemoryCloudOptions, MemoryCredentials } from './options.ts'
import { createMemoryState } from './state.ts'

const CHANGES: readonly (keyof ImageChanges)[] = [
  'kind',
  'name',
  'description',
  'labels',
  'tags',
  'properties',
  'minDisk',
  'minRam',
]

/** Methods of providers with image records, and of providers with disks. A provider has only one kind. */
const RECORD_METHODS: readonly CapabilityName[] = ['create', 'upload', 'importFromUrl', 'copyToStore']
const DISK_METHODS: readonly CapabilityName[] = ['createFromBytes', 'estimate', 'orphans', 'deleteOrphan']

/**
 * Creates a cloud in memory with several callers: each call of the result returns the source of one caller. Callers see each other's changes.
 *
 * @example
 * const connect = createMemoryCloud({ images })
 * const [owner, guest] = [connect({ project: 'a' }), connect({ project: 'b' })]
 */
export const createMemoryCloud = (
  options: MemoryCloudOptions = {},
): ((credentials?: MemoryCredentials) => ImageSource) => {
  const { changes = CHANGES, disks = false, filters = [], pageSize = 50, without = [] } = options
  const state = createMemoryState(options)
  const { cloud } = state

  return (credentials = {}) => {
    const caller = createCaller(state, options.faults, credentials)
    const methods: Pick<ImageSource, CapabilityName> = {
      ...createCloudMethods(state, caller, options),
      ...createImageMethods(state, caller, changes),
      ...createCreateMethods(state, caller, changes),
      ...createDataMethods(state, caller, options.limits),
    }
    for (const name of [...without, ...(disks ? RECORD_METHODS : DISK_METHODS)]) Reflect.deleteProperty(methods, name)

    const capabilities = deriveCapabilities(methods, {
      filters,
      changes: methods.update === undefined ? [] : changes,
      digests: methods.upload === undefined ? [] : ['sha512'],
      limits: { pageSize, uploadBytes: null },
      ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
    })
    return {
      cloud,
      capabilities,
      probe: (call = {}) => caller.request('probe', call, () => E.right(capabilities)),
      get: (id, call = {}) => caller.onImage('get', id, call, ({ image }) => E.right(image)),
      listPage: createListPage(state, caller, options),
      ...methods,
    }
  }
}
