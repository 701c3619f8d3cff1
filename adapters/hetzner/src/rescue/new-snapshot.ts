import {
  rejected,
  type ByteImageOptions,
  type ByteSource,
  type ErrorSite,
  type ImageError,
  type NewImage,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { toDiskGigabytes } from '../map-image/size.ts'
import { architectureWord } from '../requests/image-query.ts'
import { isLabelValue, newLabelProblem } from '../requests/labels.ts'
import { BYTES, NAME, OWN_LABELS, RUN } from '../transfer-labels.ts'
import { runProblem, type Labels } from './marks.ts'

/** A snapshot to be made of bytes. */
export interface NewSnapshot {
  readonly description: string
  /** What it has once it is whole. */
  readonly labels: Labels
  /** Hetzner's word. */
  readonly architecture: string
  /** Of the disk that the bytes are of, in bytes. */
  readonly size: number
  /** The least disk of a server, in GB. */
  readonly disk: number
}

/** What no snapshot can hold, in words. */
const unfit = ({
  id,
  diskFormat,
  containerFormat = 'bare',
  visibility = 'private',
  tags = [],
  properties = {},
  minRam = 0,
}: NewImage): string | null => {
  if (id !== undefined) return 'an image cannot be given an id at Hetzner'
  if (diskFormat !== 'raw') return `a disk is made of raw bytes, not of ${diskFormat}`
  if (containerFormat !== 'bare') return `a disk is made of bare bytes, not of ${containerFormat}`
  if (visibility !== 'private') return `a snapshot is its project’s own, and cannot be ${visibility}`
  if (tags.length > 0) return 'a snapshot has no tags at Hetzner'
  if (Object.keys(properties).length > 0) return 'a snapshot has no properties at Hetzner'
  return minRam > 0 ? 'a snapshot has no least memory at Hetzner' : null
}

/** A snapshot has a description and labels, and no name. The name goes where it is least in the way, and is never lost. */
const toDescription = ({ name, description }: NewImage): { readonly description: string; readonly labels: Labels } => {
  const isLabel = name !== '' && isLabelValue(name)
  const labels = isLabel ? { [NAME]: name } : {}
  if (description === undefined || description === '' || description === name) return { description: name, labels }
  return { description: isLabel ? description : `${name}: ${description}`, labels }
}

/** What is to be made, or why it cannot be: without asking anyone. */
export const newSnapshot = (
  site: ErrorSite,
  request: NewImage,
  bytes: ByteSource,
  { run, store, virtualSize }: ByteImageOptions,
): E.Either<ImageError, NewSnapshot> => {
  const refuse = (what: string, hint?: string): E.Either<ImageError, never> => E.left(rejected(site, { what, hint }))
  const { labels = {}, architecture, minDisk = 0 } = request
  const problem = unfit(request) ?? newLabelProblem(labels) ?? runProblem(run)
  if (problem !== null) return refuse(problem)
  if (store !== undefined) return refuse('Hetzner has no stores to choose from')
  // Whoever names the run may say so of the image, too.
  const own = Object.entries(labels).find(([key, value]) => OWN_LABELS.includes(key) && !(key === RUN && value === run))
  if (own !== undefined) return refuse(`the label ${own[0]} is imago’s own`)
  if (architecture === undefined)
    return refuse('the architecture of the image is not said', 'Say it: x86_64 or aarch64')
  const word = architectureWord(architecture)
  if (word === undefined) return refuse(`Hetzner has no servers of ${architecture}`)
  const size = virtualSize ?? bytes.size
  if (size === null)
    return refuse(
      'the size of the disk is not known before its bytes come',
      'Say the virtual size, or keep the bytes in a file first',
    )
  if (size <= 0 || !Number.isSafeInteger(size)) return refuse(`a disk of ${size} bytes cannot be`)
  if (bytes.size !== null && bytes.size > size)
    return refuse(`${bytes.size} bytes do not fit on a disk of ${size} bytes`)
  const words = toDescription(request)
  return E.right({
    description: words.description,
    labels: { ...labels, ...words.labels, [RUN]: run, [BYTES]: String(size) },
    architecture: word,
    size,
    disk: toDiskGigabytes(Math.max(size, minDisk)),
  })
}
