import {
  aborted,
  createErrorSite,
  forbidden,
  notFound,
  type Abortable,
  type CapabilityName,
  type ImageError,
  type ImageResult,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { ServerFault } from '../fault-port.ts'
import { isOwn, isVisible, type Project } from './access.ts'
import { failureBy, type MemoryFaults } from './faults.ts'
import type { MemoryCredentials } from './options.ts'
import type { MemoryState } from './state.ts'
import type { Stored } from './store.ts'

/** Methods that read-only credentials may not call. */
const CHANGING_METHODS: ReadonlySet<string> = new Set<CapabilityName>([
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'share',
  'createFromServer',
  'create',
  'upload',
  'createFromBytes',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
])

type Outcome<A> = E.Either<ImageError, A> | Promise<E.Either<ImageError, A>>

type OnImage = <A>(
  operation: string,
  id: string,
  call: Abortable,
  respond: (stored: Stored) => Outcome<A>,
) => ImageResult<A>

/** Handles the requests of one caller. */
export interface Caller {
  readonly project: Project
  /** Handles a request: applies faults and rights, completes the work that is due, and responds. */
  readonly request: <A>(
    operation: string,
    call: Abortable,
    respond: (fault: ServerFault | null) => Outcome<A>,
  ) => ImageResult<A>
  /** Handles a request on the image `id`, if this project can see it. */
  readonly onImage: OnImage
  /** Handles a request on the image `id`, if it belongs to this project. */
  readonly onOwnImage: OnImage
}

export const createCaller = (
  { cloud, images, work }: MemoryState,
  faults: MemoryFaults | undefined,
  credentials: MemoryCredentials,
): Caller => {
  const { project = null, readOnly = false } = credentials
  const request: Caller['request'] =
    (operation, { signal }, respond) =>
    async () => {
      const site = createErrorSite(cloud, operation)
      if (signal?.aborted === true) return E.left(aborted(site))
      const fault = faults?.meet() ?? null
      const failure = fault === null ? null : await failureBy(fault, site, signal)
      if (failure !== null) return E.left(failure)
      if (readOnly && CHANGING_METHODS.has(operation))
        return E.left(forbidden(site, { what: 'these credentials may only read', reason: 'read only' }))
      work.settle()
      return respond(fault)
    }

  const onImage: OnImage = (operation, id, call, respond) =>
    request(operation, call, () => {
      const stored = images.get(id)
      return stored === undefined || !isVisible(stored, project)
        ? E.left(notFound(createErrorSite(cloud, operation), { what: `image not found: ${id}` }))
        : respond(stored)
    })

  const onOwnImage: OnImage = (operation, id, call, respond) =>
    onImage(operation, id, call, (stored) =>
      isOwn(stored, project)
        ? respond(stored)
        : E.left(
            forbidden(createErrorSite(cloud, operation), {
              what: `image ${id} belongs to another project`,
              reason: 'owner',
            }),
          ),
    )

  return { project, request, onImage, onOwnImage }
}
