import {
  listAll,
  perform,
  READ,
  toReadState,
  type Evidence,
  type FieldName,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import type { ObservedCloud, OwnProject } from '@imago/lock'
import { toIdentity, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { readEvidence } from '../listing/live-evidence.ts'
import type { LiveContext } from '../live.ts'
import type { FieldEvidence } from '../output/image-json.ts'

/** The observed images of a cloud; `error`: why they are incomplete. */
export interface CloudSight {
  readonly observed: ObservedCloud
  readonly error: ImageError | null
}

/** Looks up the evidence of fields. Each record is read at most once. */
const createEvidence = (providers: readonly Provider[]) => {
  const known = new WeakMap<Image, { readonly evidence: FieldEvidence | null }>()
  return (image: Image, field: FieldName): Evidence => {
    const read = known.get(image) ?? { evidence: readEvidence(image, providers) }
    known.set(image, read)
    return read.evidence?.[field] ?? 'unknown'
  }
}

const readProject = async (source: ImageSource, { signal }: LiveContext): Promise<E.Either<ImageError, OwnProject>> =>
  source.owner === undefined ? E.right(undefined) : perform(source, 'owner', { signal })()

/** Lists the images of a cloud, including hidden ones. A failure is part of the result. */
export const observeCloud = async (live: LiveContext, target: ProviderCloud): Promise<CloudSight> => {
  const { signal, providers } = live
  const blank: ObservedCloud = {
    cloud: toIdentity(target),
    images: { ...READ, items: [] },
    project: null,
    immutableKinds: [],
    evidence: createEvidence(providers),
  }
  const failed = (error: ImageError): CloudSight => ({
    observed: { ...blank, images: { ...toReadState(error), items: [] } },
    error,
  })
  const opened = await live.open(target)
  if (E.isLeft(opened)) return failed(opened.left)
  const source = opened.right
  const [project, listing] = await Promise.all([
    readProject(source, live),
    listAll(source, { hidden: 'include' }, { signal })(),
  ])
  if (E.isLeft(project)) return failed(project.left)
  if (E.isLeft(listing)) return failed(listing.left)
  const { items, rejected } = listing.right
  const state =
    rejected.length === 0
      ? READ
      : ({ completeness: 'failed', reason: `unreadable image records: ${rejected.length}` } as const)
  return {
    observed: {
      ...blank,
      images: { ...state, items },
      project: project.right,
      immutableKinds: source.capabilities.immutableKinds ?? [],
    },
    error: null,
  }
}
