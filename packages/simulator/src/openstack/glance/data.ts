import type { Readable } from 'node:stream'
import { sent, type Content } from './content.ts'
import type { StoredImage } from './image.ts'
import { hasUnifiedLimits, refuseOverStorage, refuseOverUploads } from './limits.ts'
import { requireOwner, requireVisibleImage, type Caller } from './policy.ts'
import { notAuthorized, refuse, unsupportedMediaType } from './refusal.ts'
import { activated, EMPTIED, settle, storedBy, update, type GlanceState } from './state.ts'

export interface IncomingData {
  readonly contentType: string | undefined
  /** `X-Image-Meta-Store`. */
  readonly store: string | undefined
  /** The size in bytes from the client; `null`: not sent. */
  readonly size: number | null
  readonly body: Readable | null
  /** The duration of the write after the upload. */
  readonly saving?: { readonly ms: number; readonly fails?: boolean | undefined } | undefined
}

const missingFormats = ({ disk_format: disk, container_format: container }: StoredImage): readonly string[] => [
  ...(disk === null ? ['disk_format'] : []),
  ...(container === null ? ['container_format'] : []),
]

const findStore = (state: GlanceState, wanted: string | undefined): string => {
  const store =
    wanted === undefined
      ? state.stores.find(({ isDefault }) => isDefault)
      : state.stores.find(({ id }) => id === wanted)
  if (store === undefined) throw refuse(400, `Store for identifier ${wanted} not found`)
  return store.id
}

const refuseType = ({ contentType }: IncomingData): void => {
  const type = contentType?.split(';')[0]?.trim() ?? 'text/plain'
  if (type !== 'application/octet-stream') throw unsupportedMediaType(type)
}

const received = async (state: GlanceState, { body }: IncomingData, remaining: number | null): Promise<Content> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > state.quotas.imageSize)
      throw refuse(413, 'The incoming image is too large: The provided image is too large.')
  }
  if (remaining !== null && size > remaining) {
    throw refuse(
      413,
      `Image exceeds the storage quota: The size of the data ${size} will exceed the limit. ${Math.max(0, remaining)} bytes remaining.`,
    )
  }
  return sent(chunks)
}

const remainingFor = (state: GlanceState, image: StoredImage): number | null =>
  state.quotas.storage === null || hasUnifiedLimits(state) ? null : state.quotas.storage - storedBy(state, image.owner)

const startable = (
  state: GlanceState,
  caller: Caller,
  id: string,
  policy: string,
  to: 'saving' | 'uploading',
): StoredImage => {
  const image = requireVisibleImage(state, caller, id)
  requireOwner(caller, image, policy)
  // Staged data may receive its formats before the import.
  const missing = to === 'saving' ? missingFormats(image) : []
  if (image.status !== 'queued')
    throw refuse(409, `Image status transition from ${image.status} to ${to} is not allowed`)
  if (missing.length > 0) throw refuse(400, `Properties ${missing.join(', ')} must be set prior to saving data.`)
  return image
}

const deletedMeanwhile = (id: string): Error =>
  refuse(
    410,
    `Image ${id} could not be found after upload. The image may have been deleted during the upload, cleaning up the chunks uploaded.`,
  )

/** The interval in real time at which the clock is checked. */
const POLL_MS = 5

/** Writes data for its duration by the clock. If the store fails, the image is queued again. */
const saveData = (
  state: GlanceState,
  id: string,
  content: Content,
  store: string,
  { ms, fails }: NonNullable<IncomingData['saving']>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    // A manual clock may advance between requests, and without requests nothing else checks for due work.
    const timer = setInterval(() => settle(state), POLL_MS).unref()
    const run = (): boolean => {
      clearInterval(timer)
      const image = state.images.get(id)
      if (image === undefined) reject(deletedMeanwhile(id))
      else if (fails === true) {
        update(state, id, EMPTIED)
        reject(refuse(503, 'The store could not be written to.'))
      } else {
        update(state, id, activated(image, content, [store]))
        resolve()
      }
      return true
    }
    state.due.push({ at: state.now() + ms, run })
  })

/** PUT /v2/images/{id}/file. After any failure, the image is queued again. */
export const upload = async (state: GlanceState, caller: Caller, id: string, data: IncomingData): Promise<void> => {
  refuseType(data)
  refuseOverStorage(state, caller.project, data.size)
  const store = findStore(state, data.store)
  const image = startable(state, caller, id, 'upload_image', 'saving')
  update(state, id, { status: 'saving' })
  try {
    refuseOverUploads(state, image.owner)
    const content = await received(state, data, remainingFor(state, image))
    const saving = state.images.get(id)
    if (saving === undefined) throw deletedMeanwhile(id)
    if (data.saving === undefined) update(state, id, activated(saving, content, [store]))
    else await saveData(state, id, content, store, data.saving)
  } catch (error) {
    update(state, id, EMPTIED)
    throw error
  }
}

/** PUT /v2/images/{id}/stage. The quota is checked only at the import. */
export const stage = async (state: GlanceState, caller: Caller, id: string, data: IncomingData): Promise<void> => {
  refuseType(data)
  startable(state, caller, id, 'modify_image', 'uploading')
  update(state, id, { status: 'uploading' })
  try {
    const staged = await received(state, data, null)
    update(state, id, { staged, size: staged.size })
  } catch (error) {
    update(state, id, EMPTIED)
    throw error
  }
}

/** Returns the data of an image; null if it has none. */
export const downloadable = (
  state: GlanceState,
  caller: Caller,
  id: string,
): { readonly image: StoredImage; readonly content: Content | null } => {
  const image = requireVisibleImage(state, caller, id)
  if (image.status !== 'queued' && !caller.isMember && image.visibility !== 'public' && !caller.isAdmin)
    throw notAuthorized('download_image')
  if (image.status === 'deactivated' && !caller.isAdmin)
    throw refuse(403, 'The requested image has been deactivated. Image data download is forbidden.')
  return { image, content: image.status === 'active' || image.status === 'deactivated' ? image.content : null }
}
