import { sent, type Content } from './content.ts'
import type { StoredImage } from './image.ts'
import { parseImport, type ImportRequest } from './import-request.ts'
import { isVisible, type Caller } from './policy.ts'
import { activated, EMPTIED, update, type GlanceState } from './state.ts'
import type { Task } from './task.ts'

/** Sources of an import besides staged data. */
export interface ImportSources {
  /** The Glance of another region of the same cloud. */
  readonly region: (name: string) => GlanceState | undefined
}

const TASK_LIFETIME_MS = 2 * 24 * 60 * 60 * 1000

const FAILED = 'Task failed due to Internal Error'

/** Null: the fetch failed. */
export const fetched = async (uri: string): Promise<Content | null> => {
  try {
    const response = await fetch(uri)
    return response.ok ? sent([Buffer.from(await response.arrayBuffer())]) : null
  } catch {
    return null
  }
}

const withProperties = (
  image: StoredImage,
  changes: Readonly<Record<string, string | null>>,
): Pick<StoredImage, 'properties'> => {
  const properties = new Map(image.properties)
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) properties.delete(key)
    else properties.set(key, value)
  }
  return { properties }
}

export const startTask = (
  state: GlanceState,
  task: Pick<Task, 'type' | 'status' | 'owner' | 'imageId' | 'requestId' | 'userId' | 'input'>,
): Task => {
  const now = state.now()
  const started: Task = {
    ...task,
    id: state.ids.uuid(),
    result: null,
    message: '',
    createdAt: now,
    updatedAt: now,
    expiresAt: null,
  }
  state.tasks.set(started.id, started)
  return started
}

export const endTask = (state: GlanceState, task: Task, end: Pick<Task, 'status' | 'result' | 'message'>): void => {
  const now = state.now()
  state.tasks.set(task.id, { ...task, ...end, updatedAt: now, expiresAt: now + TASK_LIFETIME_MS })
}

/** Starts work in real time and returns a function for its result. Undefined: not finished. */
export const inBackground = (state: GlanceState, work: Promise<Content | null>): (() => Content | null | undefined) => {
  let outcome: Content | null | undefined
  const settled = work.then((content) => {
    outcome = content
  })
  state.fetching.add(settled)
  void settled.finally(() => state.fetching.delete(settled))
  return () => outcome
}

/** The properties that are copied from a remote image (`extra_properties` of `glance_download_properties`). */
const TRAVELLING = ['hw_', 'trait:', 'os_distro', 'os_secure_boot', 'os_type']

const findRemote = (request: ImportRequest, caller: Caller, sources: ImportSources): StoredImage | null => {
  const remote = request.remote && sources.region(request.remote.region)?.images.get(request.remote.imageId)
  return remote && isVisible(caller, remote) ? remote : null
}

const broughtAlong = (remote: StoredImage | null): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    [...(remote?.properties ?? [])].filter(([key]) => TRAVELLING.some((prefix) => key.startsWith(prefix))),
  )

const startSource = (
  state: GlanceState,
  caller: Caller,
  image: StoredImage,
  request: ImportRequest,
  sources: ImportSources,
): (() => Content | null | undefined) => {
  switch (request.method) {
    case 'glance-direct':
      return () => image.staged
    case 'copy-image':
      return () => image.content
    case 'web-download':
      return inBackground(state, fetched(request.uri ?? ''))
    case 'glance-download':
      return () => findRemote(request, caller, sources)?.content ?? null
  }
}

/** The fields of an image after a failed import, as in Glance: only an unreachable remote Glance leaves no message. */
const failedFields = ({ method, stores }: ImportRequest): Readonly<Record<string, string | null>> => ({
  os_glance_import_task: null,
  os_glance_importing_to_stores: method === 'glance-download' ? stores.join(',') : '',
  os_glance_failed_import: method === 'glance-download' ? '' : stores.join(','),
})

const finish = (
  state: GlanceState,
  id: string,
  request: ImportRequest,
  task: Task,
  content: Content | null,
  brought: Readonly<Record<string, string | null>>,
): void => {
  const image = state.images.get(id)
  if (image === undefined || content === null) {
    if (image !== undefined)
      update(state, id, {
        ...(request.method === 'copy-image' ? {} : EMPTIED),
        ...withProperties(image, failedFields(request)),
      })
    return endTask(state, task, { status: 'failure', result: null, message: FAILED })
  }
  const done = withProperties(image, {
    ...brought,
    os_glance_import_task: null,
    os_glance_importing_to_stores: '',
    os_glance_failed_import: '',
  })
  update(state, id, { ...activated(image, content, request.stores), ...done })
  endTask(state, task, {
    status: 'success',
    result: { image_id: id },
    message: `Copied ${Math.floor(content.size / 1024 ** 2)} MiB`,
  })
}

/** POST /v2/images/{id}/import. The image and its task change as the clock advances. */
export const startImport = (
  state: GlanceState,
  caller: Caller,
  id: string,
  asked: { readonly body: unknown; readonly store: string | undefined; readonly requestId: string },
  sources: ImportSources,
): void => {
  const request = parseImport(state, caller, id, asked.body, asked.store)
  const image = state.images.get(id)
  if (image === undefined) return
  const task = startTask(state, {
    type: 'api_image_import',
    status: 'processing',
    owner: caller.project,
    imageId: id,
    requestId: asked.requestId,
    userId: caller.userId,
    input: { image_id: id, import_req: request.body, backend: request.stores },
  })
  const importing = {
    os_glance_import_task: task.id,
    os_glance_importing_to_stores: request.stores.join(','),
    os_glance_failed_import: '',
  }
  const isDownload = request.method === 'web-download' || request.method === 'glance-download'
  update(
    state,
    id,
    isDownload
      ? { status: 'importing', ...withProperties(image, importing) }
      : withProperties(image, { os_glance_import_task: task.id }),
  )
  const content = startSource(state, caller, image, request, sources)
  const start = state.now()
  if (!isDownload) {
    state.due.push({
      at: start + state.importMs / 4,
      run: () => {
        const now = state.images.get(id)
        if (now !== undefined)
          update(state, id, {
            ...(request.method === 'glance-direct' ? { status: 'importing' } : {}),
            ...withProperties(now, importing),
          })
        return true
      },
    })
  }
  state.due.push({
    at: start + state.importMs,
    run: () => {
      const outcome = content()
      if (outcome === undefined) return false
      finish(state, id, request, task, outcome, broughtAlong(findRemote(request, caller, sources)))
      return true
    },
  })
}
