import {
  createByteSource,
  CAPABILITY_NAMES,
  perform,
  type Abortable,
  type ImageResult,
  type CapabilityName,
  type ImageSource,
} from '@imago/core/provider'
import { NO_SUCH_ID } from './check.ts'
import { createChange, NEW_IMAGE, SAMPLE_BYTES } from './new-image.ts'

/** The resources that a method is called with. */
export interface Target {
  /** The ID of an image; for `operation`, of an operation. */
  readonly id: string
  readonly server: string
  readonly url: string
  readonly stores: readonly string[]
}

/** Resources that no provider has. */
export const NOWHERE: Target = {
  id: NO_SUCH_ID,
  server: NO_SUCH_ID,
  url: 'https://imago.invalid/no-such-image.raw',
  stores: ['imago-no-such-store'],
}

/** Plausible arguments of each method, without its options. */
const ARGUMENTS: Readonly<Record<CapabilityName, (source: ImageSource, target: Target) => readonly unknown[]>> = {
  owner: () => [],
  update: ({ capabilities: { changes } }, { id }) => [id, changes[0] === undefined ? {} : createChange(changes[0])],
  delete: (_, { id }) => [id],
  protect: (_, { id }) => [id, true],
  hide: (_, { id }) => [id, true],
  deactivate: (_, { id }) => [id, true],
  setVisibility: (_, { id }) => [id, 'private'],
  shares: (_, { id }) => [id],
  share: (_, { id }) => [id, { action: 'invite', project: '1a600000000000000000000000000000' }],
  servers: () => [{}],
  createFromServer: (_, { server }) => [{ serverId: server }],
  create: () => [NEW_IMAGE],
  upload: (_, { id }) => [id, createByteSource(SAMPLE_BYTES)],
  download: (_, { id }) => [id],
  createFromBytes: () => [NEW_IMAGE, createByteSource(SAMPLE_BYTES), { run: 'imago-suite' }],
  estimate: () => [{ kind: 'download', architecture: 'x86_64', virtualSize: 2 ** 30, bytes: 2 ** 20 }],
  uploadLimits: () => [],
  orphans: () => [],
  deleteOrphan: (_, { id }) => [{ kind: 'image', id, name: null, run: 'imago-suite', createdAt: null }],
  importFromUrl: (_, { id, url }) => [id, { url }],
  copyToStore: (_, { id, stores }) => [id, { stores }],
  operations: (_, { id }) => [id],
  operation: (_, { id }) => [id],
  usage: () => [],
  prices: () => [],
}

const READING: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'owner',
  'shares',
  'servers',
  'estimate',
  'uploadLimits',
  'orphans',
  'download',
  'operations',
  'operation',
  'usage',
  'prices',
])

export const isWriting = (name: CapabilityName): boolean => !READING.has(name)

export const WRITING: readonly CapabilityName[] = CAPABILITY_NAMES.filter(isWriting)

/** Methods with required options already have them among their arguments. */
const withOptions = (name: CapabilityName, args: readonly unknown[], options: Abortable): readonly unknown[] =>
  name === 'createFromBytes'
    ? [...args.slice(0, -1), { ...(args.at(-1) as Abortable), ...options }]
    : [...args, options]

/** A method of every source, or an optional one. */
export type MethodName = 'probe' | 'get' | 'listPage' | CapabilityName

/** Calls a method by its name. */
export const callOn = (
  source: ImageSource,
  name: CapabilityName,
  target: Target,
  options: Abortable = {},
): ImageResult<unknown> =>
  perform(source, name, ...(withOptions(name, ARGUMENTS[name](source, target), options) as never))

/** As `callOn`, for every method. */
export const callAny = (
  source: ImageSource,
  name: MethodName,
  target: Target,
  options: Abortable = {},
): ImageResult<unknown> => {
  switch (name) {
    case 'probe':
      return source.probe(options)
    case 'get':
      return source.get(target.id, options)
    case 'listPage':
      return source.listPage({ hidden: 'include' }, null, options)
    default:
      return callOn(source, name, target, options)
  }
}
