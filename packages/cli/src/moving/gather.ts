import type { ByteWork, Image, ImageSource, WorkEstimate } from '@imago/core'
import type { MoveSource, MoveTarget, MoveWishes } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { LiveContext } from '../live.ts'
import { problemOf } from '../live-problem.ts'
import { imageAt, sourceOf, targetNamed, type FoundImage } from '../place.ts'
import { EXIT } from '../exit-code.ts'
import type { ImagePlace } from '../parse-place.ts'
import { fileProblem, Problem } from '../problem.ts'
import type { MoveFrom, MoveTo } from './ends.ts'

/** `~` is the shell's, but not within a word as `--output=~/x`. */
const pathOf = (path: string): string => resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path)

/** What is known of bytes behind a URL before they are read. */
export type UrlFacts = (url: string) => Promise<{ readonly size: number | null; readonly etag: string | null; readonly contentType?: string | null }>

interface Estimated {
  readonly estimate: WorkEstimate | null
  /** Why the provider cannot do it. */
  readonly refusal: string | null
}

/** What the provider says of the work. That it cannot be done is worth a word in the plan; that it cannot be asked ends the command. */
const estimated = async (source: ImageSource, work: ByteWork, { signal }: LiveContext): Promise<Estimated> => {
  if (source.estimate === undefined) return { estimate: null, refusal: null }
  const answer = await source.estimate(work, { signal })()
  if (E.isRight(answer)) return { estimate: answer.right, refusal: null }
  if (answer.left._tag === 'Rejected' || answer.left._tag === 'Unsupported') return { estimate: null, refusal: answer.left.what }
  throw problemOf(answer.left)
}

const fileFacts = async (path: string): Promise<MoveSource> => {
  const full = pathOf(path)
  const found = await stat(full).catch((error: unknown) => {
    throw fileProblem('read', path, error)
  })
  if (!found.isFile()) throw new Problem(`${path} is ${found.isDirectory() ? 'a directory' : 'no regular file'}: an image is read from a file, whose bytes can be read again`)
  return { kind: 'file', path: full, size: found.size, modifiedAt: found.mtime.toISOString() }
}

/** A file is to be made there: what can be seen now to be in the way of that ends the command. */
const fileTarget = async (path: string): Promise<MoveTarget> => {
  const full = pathOf(path)
  const there = await stat(full).catch(() => null)
  if (there?.isDirectory() === true) throw new Problem(`${path} is a directory. Name the file in it that is to be made`, EXIT.usage)
  return { kind: 'file', path: full }
}

/** The image that is meant; one that says no architecture is meant whatever architecture was said. */
const imageMeant = async (live: LiveContext, from: ImagePlace, architecture: string | undefined): Promise<FoundImage> => {
  try {
    return await imageAt(live, from, { architecture })
  } catch (problem) {
    if (architecture === undefined || !(problem instanceof Problem) || problem.exitCode !== EXIT.notFound) throw problem
    const found = await imageAt(live, from).catch(() => null)
    if (found === null || found.image.architecture !== null) throw problem
    return found
  }
}

const imageFacts = async (live: LiveContext, image: Image, source: ImageSource): Promise<MoveSource> => {
  const { estimate } = await estimated(source, { kind: 'download', architecture: image.architecture, virtualSize: image.size.virtual, bytes: image.size.stored }, live)
  return { kind: 'image', image, capabilities: source.capabilities, estimate }
}

/** All that a plan needs to know of a source. */
export const gatherSource = async (live: LiveContext, from: MoveFrom, architecture: string | undefined, urlFacts: UrlFacts): Promise<MoveSource> => {
  switch (from.kind) {
    case 'file':
      return fileFacts(from.path)
    case 'url':
      return { kind: 'url', url: from.url, ...(await urlFacts(from.url)) }
    case 'image': {
      const { image, source } = await imageMeant(live, from, architecture)
      return imageFacts(live, image, source)
    }
  }
}

/** The same, of an image that is known already. */
export const gatherImage = (live: LiveContext, image: Image, source: ImageSource): Promise<MoveSource> => imageFacts(live, image, source)

/** All that a plan needs to know of a target, for this source. */
export const gatherTarget = async (live: LiveContext, to: MoveTo, from: MoveSource, wishes: MoveWishes): Promise<MoveTarget> => {
  if (to.kind === 'file') return fileTarget(to.path)
  const source = await sourceOf(live, targetNamed(live, to.cloud))
  const image = from.kind === 'image' ? from.image : null
  const work: ByteWork = {
    kind: 'createFromBytes',
    architecture: wishes.architecture ?? image?.architecture ?? null,
    virtualSize: image?.size.virtual ?? null,
    bytes: image?.size.stored ?? (from.kind === 'image' ? null : from.size),
  }
  return { kind: 'cloud', cloud: source.cloud, capabilities: source.capabilities, ...(await estimated(source, work, live)) }
}
