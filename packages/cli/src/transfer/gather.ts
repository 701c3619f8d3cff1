import {
  createErrorSite,
  toValueList,
  type AnyOf,
  type EstimateRequest,
  type Image,
  type ImageSource,
  type UploadLimits,
  type WorkEstimate,
} from '@imago/core'
import {
  fileSource,
  inspectSource,
  readUploadLimits,
  type TransferSource,
  type TransferTarget,
  type TransferOverrides,
  type SourceFacts,
  type InspectSourceOptions,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import { describeImage, resolveImage, openSource, resolveTarget, type FoundImage } from '../resolve-image.ts'
import { EXIT } from '../exit-code.ts'
import { resolveNamedImage } from '../lock/locked-image.ts'
import type { LockedOptions } from '../options/lock.ts'
import type { ImageAddress } from '../parse-address.ts'
import { fileProblem, Problem } from '../problem.ts'
import type { SourceArgument, TargetArgument } from './arguments.ts'

/** Resolves a path. Expands `~`, which the shell does not do within a word such as `--output=~/x`. */
const resolvePath = (path: string): string =>
  resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path)

/** Options for inspecting a source. */
export type InspectionOptions = Pick<
  InspectSourceOptions,
  'archive' | 'member' | 'compression' | 'sourceFormat' | 'allow'
>

/** Inspects a URL without reading all of it. */
export type UrlFacts = (
  url: string,
  inspection: InspectionOptions,
) => Promise<{
  readonly size: number | null
  readonly etag: string | null
  readonly contentType?: string | null
  readonly facts?: SourceFacts | null
  readonly finalUrl?: string | undefined
}>

interface Estimated {
  readonly estimate: WorkEstimate | null
  /** Why the provider cannot do the work; `null`: it can, or has no estimates. */
  readonly refusal: string | null
}

/** Requests an estimate of the work from the provider. A refusal becomes part of the plan; any other error ends the command. */
const estimateWork = async (
  source: ImageSource,
  work: EstimateRequest,
  { signal }: LiveContext,
): Promise<Estimated> => {
  if (source.estimate === undefined) return { estimate: null, refusal: null }
  const estimate = await source.estimate(work, { signal })()
  if (E.isRight(estimate)) return { estimate: estimate.right, refusal: null }
  if (estimate.left._tag === 'Rejected' || estimate.left._tag === 'Unsupported')
    return { estimate: null, refusal: estimate.left.what }
  throw toProblem(estimate.left)
}

const SITE = createErrorSite({ provider: 'file', cloud: null }, 'inspect')

/** The maximum bytes to decompress for a plan. A compressed archive has to be decompressed to find its files. */
const LOOK_BYTES = 64 * 2 ** 20

/** Inspects a file without reading all of it. */
const inspectFile = async (
  path: string,
  inspection: InspectionOptions,
  signal: LiveContext['signal'],
): Promise<SourceFacts> => {
  const source = await fileSource(path, SITE)()
  if (E.isLeft(source)) throw toProblem(source.left)
  const facts = await inspectSource(source.right, {
    ...inspection,
    site: SITE,
    isSeekable: true,
    maxBytes: LOOK_BYTES,
    signal,
  })
  if (E.isLeft(facts)) throw toProblem(facts.left)
  return facts.right
}

const fileFacts = async (
  path: string,
  inspection: InspectionOptions,
  signal: LiveContext['signal'],
): Promise<TransferSource> => {
  const full = resolvePath(path)
  const found = await stat(full).catch((error: unknown) => {
    throw fileProblem('read', path, error)
  })
  if (!found.isFile())
    throw new Problem(
      `cannot read ${path}: it is ${found.isDirectory() ? 'a directory' : 'not a regular file'}. Name a regular file, which can be read more than once`,
    )
  return {
    kind: 'file',
    path: full,
    size: found.size,
    modifiedAt: found.mtime.toISOString(),
    facts: await inspectFile(full, inspection, signal),
  }
}

/** Checks the path of a target file. A directory ends the command. */
const fileTarget = async (path: string): Promise<TransferTarget> => {
  const full = resolvePath(path)
  const there = await stat(full).catch(() => null)
  if (there?.isDirectory() === true)
    throw new Problem(`cannot write ${path}: it is a directory. Name a file in it`, EXIT.usage)
  return { kind: 'file', path: full }
}

const unknownArchitecture = (image: Image, arch: AnyOf<string>): Problem =>
  new Problem(
    `--arch ${toValueList(arch).join(', ')} does not select ${describeImage(image)}: its architecture is unknown. To set the architecture of the new image, use --set-arch`,
    EXIT.usage,
  )

/** Finds the named image. `arch` does not select an image of unknown architecture; the error then explains how to set it. */
const resolveSourceImage = async (
  live: LiveContext,
  from: ImageAddress,
  arch: AnyOf<string> | undefined,
): Promise<FoundImage> => {
  const found = await resolveImage(live, from, { arch }).catch(async (problem: unknown) => {
    if (arch === undefined || !(problem instanceof Problem) || problem.exitCode !== EXIT.notFound) throw problem
    const other = await resolveImage(live, from).catch(() => null)
    if (other?.image.architecture !== null) throw problem
    return other
  })
  if (arch !== undefined && found.image.architecture === null) throw unknownArchitecture(found.image, arch)
  return found
}

const imageFacts = async (live: LiveContext, image: Image, source: ImageSource): Promise<TransferSource> => {
  const { estimate, refusal } = await estimateWork(
    source,
    {
      kind: 'download',
      architecture: image.architecture,
      virtualSize: image.size.virtual,
      minDisk: image.size.minDisk,
      bytes: image.size.stored,
    },
    live,
  )
  return { kind: 'image', image, capabilities: source.capabilities, estimate, refusal }
}

/** Reads the facts about a source that a plan needs. */
export const gatherSource = async (
  live: LiveContext,
  from: SourceArgument,
  {
    arch,
    archive,
    member,
    compression,
    sourceFormat,
    allow,
    locked,
    lockFile,
  }: InspectionOptions & LockedOptions & { readonly arch?: AnyOf<string> | undefined },
  urlFacts: UrlFacts,
): Promise<TransferSource> => {
  const inspection: InspectionOptions = { archive, member, compression, sourceFormat, allow }
  switch (from.kind) {
    case 'file':
      return fileFacts(from.path, inspection, live.signal)
    case 'url':
      return { kind: 'url', url: from.url, ...(await urlFacts(from.url, inspection)) }
    case 'image': {
      const { image, source } = await (locked === true
        ? resolveNamedImage(live, from, { locked, lockFile, arch })
        : resolveSourceImage(live, from, arch))
      return imageFacts(live, image, source)
    }
  }
}

/** Reads the facts that a plan needs about an image that was already read. */
export const gatherImage = (live: LiveContext, image: Image, source: ImageSource): Promise<TransferSource> =>
  imageFacts(live, image, source)

/** Reads the target's limits for new images, once for all plans; `null`: none are reported. */
export const gatherLimits = async (live: LiveContext, to: TargetArgument): Promise<UploadLimits | null> => {
  if (to.kind === 'file') return null
  const limits = await readUploadLimits(await openSource(live, resolveTarget(live, to.cloud)), { signal: live.signal })
  if (E.isLeft(limits)) throw toProblem(limits.left)
  return limits.right
}

/** Reads the facts about a target that a plan for this source needs. */
export const gatherTarget = async (
  live: LiveContext,
  to: TargetArgument,
  from: TransferSource,
  overrides: TransferOverrides,
  limits: UploadLimits | null,
): Promise<TransferTarget> => {
  if (to.kind === 'file') return fileTarget(to.path)
  const source = await openSource(live, resolveTarget(live, to.cloud))
  const image = from.kind === 'image' ? from.image : null
  const facts = from.kind === 'image' ? null : (from.facts ?? null)
  const work: EstimateRequest = {
    kind: 'createFromBytes',
    architecture: overrides.architecture ?? image?.architecture ?? null,
    virtualSize: image?.size.virtual ?? facts?.virtualSize ?? null,
    bytes: image?.size.stored ?? (from.kind === 'image' ? null : from.size),
  }
  return {
    kind: 'cloud',
    cloud: source.cloud,
    capabilities: source.capabilities,
    limits,
    ...(await estimateWork(source, work, live)),
  }
}
