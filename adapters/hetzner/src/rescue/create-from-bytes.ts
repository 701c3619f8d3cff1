import {
  aborted,
  decodeFailed,
  rejected,
  createErrorSite,
  unavailable,
  type ImageResult,
  type ByteImage,
  type ByteImageOptions,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core/provider'
import { createTemporaryLabels } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import { awaitAction } from '../source/await-action.ts'
import { selectTemporary } from '../transfer-labels.ts'
import type { RescueContext } from './context.ts'
import { createRescueServer, type RescueServer } from './rescue-server.ts'
import { newSnapshot, type NewSnapshot } from './new-snapshot.ts'
import { pause } from './pause.ts'
import { withOrphanHint } from './clean-up.ts'
import { writeVerified } from './write-disk.ts'

const POWER_OFF_MS = 5 * 60_000
/** The timeout of terraform-provider-hcloud for a snapshot. */
const SNAPSHOT_MS = 90 * 60_000
/** After a lost response: the number of checks for the snapshot, and the time between them. */
const CHECKS = 5
const CHECK_MS = 3000

interface SnapshotCreation {
  readonly site: ErrorSite
  readonly run: string
  readonly epoch: number | undefined
  readonly helper: RescueServer
  readonly snapshot: NewSnapshot
  readonly options: CallOptions & { readonly operation: string }
}

/** Finds the snapshot of this server; `null`: none. */
const findSnapshot = (context: RescueContext, { run, helper, options }: SnapshotCreation): ImageResult<Image | null> =>
  pipe(
    context.images.list({ type: ['snapshot'], label_selector: selectTemporary(run), per_page: 50 }, options),
    TE.map(
      ({ items }) => items.find(({ image }) => image.origins.some(({ name }) => name === helper.name))?.image ?? null,
    ),
  )

/**
 * Waits for a snapshot that may exist: the API sometimes returns 503 and creates the snapshot all the same (compressor-plugin-hcloud#400).
 */
const awaitLost =
  (context: RescueContext, creation: SnapshotCreation, lost: ImageError): ImageResult<number> =>
  async () => {
    const { site, options } = creation
    const { timing } = context.session
    const end = timing.clock() + SNAPSHOT_MS
    for (let looks = 1; timing.clock() < end; looks++) {
      const found = await findSnapshot(context, creation)()
      if (E.isLeft(found)) return found
      if (
        found.right === null ? looks >= CHECKS : found.right.status === 'unavailable' || found.right.status === 'failed'
      )
        return E.left(lost)
      if (found.right?.status === 'available') return E.right(Number(found.right.ref.id))
      if (!(await pause(CHECK_MS, timing, options.signal))) return E.left(aborted(site))
    }
    return E.left(unavailable(site, { what: `the snapshot was not finished within ${SNAPSHOT_MS / 60_000} minutes` }))
  }

/** Creates the snapshot with the labels of a temporary resource, and waits until it is complete. */
const takeSnapshot = (context: RescueContext, creation: SnapshotCreation): ImageResult<number> => {
  const { site, run, epoch, helper, snapshot, options } = creation
  return pipe(
    context.servers.createImage(
      helper.id,
      {
        type: 'snapshot',
        description: snapshot.description,
        labels: { ...snapshot.labels, ...createTemporaryLabels(run, epoch) },
      },
      options,
    ),
    TE.matchE(
      (error) => (error._tag === 'Unavailable' ? awaitLost(context, creation, error) : TE.left(error)),
      ({ image, action }) => {
        const { ref } = image.image
        if (action === null)
          return TE.left<ImageError, number>(
            decodeFailed(site, {
              what: `image ${ref.id} is being created, but the response contains no action`,
              issues: [],
            }),
          )
        return pipe(
          awaitAction(context, site, action, SNAPSHOT_MS, options),
          TE.map(() => Number(ref.id)),
        )
      },
    ),
  )
}

/** Removes the labels of a temporary resource. The request is idempotent, and so repeated by itself. */
const keep = (context: RescueContext, id: number, { snapshot, options }: SnapshotCreation): ImageResult<Image> =>
  pipe(
    context.images.update(id, { labels: snapshot.labels }, options),
    TE.map(({ image }) => image),
  )

/**
 * Creates an image of raw bytes with a temporary server: writes them to its disk in the rescue system, reads them back, and takes a snapshot.
 * Server and key are always deleted; so is an unfinished snapshot.
 */
export const createFromBytes =
  (context: RescueContext): NonNullable<ImageSource['createFromBytes']> =>
  (request, bytes, given: ByteImageOptions) => {
    const { run, epoch, signal, onProgress, onStep = () => undefined } = given
    const operation = 'createFromBytes'
    const options = { operation, signal }
    const site = createErrorSite(context.session.cloud, operation)

    const make = (helper: RescueServer, snapshot: NewSnapshot): ImageResult<Image> => {
      const creation: SnapshotCreation = { site, run, epoch, helper, snapshot, options }
      return pipe(
        writeVerified({ site, helper, bytes, size: snapshot.size, signal, onProgress, onStep }),
        TE.flatMap(() => context.servers.powerOff(helper.id, options)),
        TE.flatMap((action) => awaitAction(context, site, action, POWER_OFF_MS, options)),
        TE.tapIO(() => () => onStep(`creating a snapshot of server ${helper.id}`)),
        TE.flatMap(() => takeSnapshot(context, creation)),
        TE.flatMap((id) => keep(context, id, creation)),
      )
    }

    return async () => {
      if (signal?.aborted === true) return E.left(aborted(site))
      const snapshot = newSnapshot(site, request, bytes, given)
      if (E.isLeft(snapshot)) return snapshot
      const created = await createRescueServer(context, {
        site,
        run,
        epoch,
        architecture: snapshot.right.architecture,
        disk: snapshot.right.disk,
        image: null,
        signal,
        onStep,
      })()
      if (E.isLeft(created)) return created
      const made = await make(created.right, snapshot.right)().catch((thrown: unknown) =>
        E.left<ImageError, Image>(
          rejected(site, { what: `the transfer failed: ${String(thrown)}`, hint: 'Report this bug' }),
        ),
      )
      onStep(`deleting server ${created.right.id} and its SSH key`)
      const left = await created.right.deleteAll()
      if (E.isLeft(made)) return E.left(withOrphanHint(made.left, left))
      // The image is complete, even if a server could not be deleted.
      if (left.length > 0) onStep(`orphaned resources, still billed: ${left.join(', ')}`)
      return E.right<ImageError, ByteImage>({ image: made.right, verified: 'digest-match' })
    }
  }
