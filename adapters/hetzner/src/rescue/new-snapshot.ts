import {
  rejected,
  type ByteImageOptions,
  type ByteSource,
  type ErrorSite,
  type ImageError,
  type NewImage,
} from '@imago/core/provider'
import { createRunLabels, findRunProblem, type Labels } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { toDiskGigabytes } from '../map-image/size.ts'
import { architectureWord } from '../requests/image-query.ts'
import { isLabelValue, findNewLabelProblem } from '../requests/labels.ts'
import { BYTES, NAME, OWN_LABELS } from '../transfer-labels.ts'

/** A snapshot to create from bytes. */
export interface NewSnapshot {
  readonly description: string
  /** The final labels. */
  readonly labels: Labels
  /** Hetzner's word. */
  readonly architecture: string
  /** The size of the disk, in bytes. */
  readonly size: number
  /** The minimum disk of a server, in GB. */
  readonly disk: number
}

/** Options that a snapshot cannot have. */
const unfit = ({
  id,
  diskFormat,
  containerFormat = 'bare',
  visibility = 'private',
  tags = [],
  properties = {},
  minRam = 0,
}: NewImage): string | null => {
  if (id !== undefined) return 'Hetzner assigns the IDs of images: an ID cannot be set'
  if (diskFormat !== 'raw') return `the disk format must be raw, not ${diskFormat}`
  if (containerFormat !== 'bare') return `the container format must be bare, not ${containerFormat}`
  if (visibility !== 'private') return `a snapshot is private to its project: it cannot be ${visibility}`
  if (tags.length > 0) return 'snapshots have no tags at Hetzner'
  if (Object.keys(properties).length > 0) return 'snapshots have no properties at Hetzner'
  return minRam > 0 ? 'snapshots have no minimum memory at Hetzner' : null
}

/** Snapshots have no name: it becomes a label if it is a valid value, and a part of the description otherwise. */
const toDescription = ({ name, description }: NewImage): { readonly description: string; readonly labels: Labels } => {
  const isLabel = name !== '' && isLabelValue(name)
  const labels = isLabel ? { [NAME]: name } : {}
  if (description === undefined || description === '' || description === name) return { description: name, labels }
  return { description: isLabel ? description : `${name}: ${description}`, labels }
}

/** Plans the snapshot, or returns why it is impossible. Sends no request. */
export const newSnapshot = (
  site: ErrorSite,
  request: NewImage,
  bytes: ByteSource,
  { run, epoch, store, virtualSize }: ByteImageOptions,
): E.Either<ImageError, NewSnapshot> => {
  const refuse = (what: string, hint?: string): E.Either<ImageError, never> => E.left(rejected(site, { what, hint }))
  const { labels = {}, architecture, minDisk = 0 } = request
  const problem = unfit(request) ?? findNewLabelProblem(labels) ?? findRunProblem(run)
  if (problem !== null) return refuse(problem)
  if (store !== undefined) return refuse('Hetzner has no stores to choose from')
  // The caller's labels of the run may be repeated.
  const ofRun = createRunLabels(run, epoch)
  const own = Object.entries(labels).find(([key, value]) => OWN_LABELS.includes(key) && ofRun[key] !== value)
  if (own !== undefined) return refuse(`the label ${own[0]} is reserved for imago`)
  if (architecture === undefined)
    return refuse('the architecture of the image is unknown', 'Set it to x86_64 or aarch64')
  const word = architectureWord(architecture)
  if (word === undefined) return refuse(`Hetzner has no servers with the architecture ${architecture}`)
  const size = virtualSize ?? bytes.size
  if (size === null) return refuse('the size of the disk is unknown', 'Set the virtual size, or use a file')
  if (size <= 0 || !Number.isSafeInteger(size)) return refuse(`invalid disk size: ${size} bytes`)
  if (bytes.size !== null && bytes.size > size)
    return refuse(`${bytes.size} bytes do not fit on a disk of ${size} bytes`)
  const words = toDescription(request)
  return E.right({
    description: words.description,
    labels: { ...labels, ...words.labels, ...ofRun, [BYTES]: String(size) },
    architecture: word,
    size,
    disk: toDiskGigabytes(Math.max(size, minDisk)),
  })
}
