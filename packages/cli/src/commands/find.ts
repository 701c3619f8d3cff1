import { ambiguous, find as findOne, isBefore, notFound, pages, siteOf, type Candidate, type Image, type ImageError, type Query } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../connect/chosen-targets.ts'
import { nameOf, placeOf, type Target } from '../connect/target.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { asksFor, queryOf, type QueryOptions } from '../listing/query-options.ts'
import { architectureCalled } from '../listing/words.ts'
import type { LiveContext, LiveOptions } from '../live.ts'
import { problemOf } from '../live-problem.ts'
import { createImageWriter } from '../output/image-writer.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'
import { imagePlaceOf, sourceOf, targetsNamed, type ImagePlace } from '../place.ts'
import { Problem } from '../problem.ts'

/** The options of `imago find`. */
export interface FindImageOptions extends QueryOptions, LiveOptions {
  readonly output: 'id' | 'place' | 'json' | 'ndjson' | 'yaml'
  /** `[provider/]cloud[@region]`, each; none: all that are configured. */
  readonly cloud?: readonly string[]
  /** Of several that fit, the one made last; else the first of the listing; else all of them; else there must be one. */
  readonly newest?: boolean
  readonly first?: boolean
  readonly all?: boolean
  readonly showSecrets?: boolean
}

const HOW = 'Give the place of an image ([provider/]cloud[@region]:image), or say what to look for (--os, --name, --label …)'

const PICKS = ['newest', 'first', 'all'] as const

const checkOptions = (place: string | undefined, options: FindImageOptions): void => {
  const picks = PICKS.filter((pick) => options[pick] === true)
  if (picks.length > 1) throw new Problem(`--${picks.join(' and --')} exclude each other`, EXIT.usage)
  const { arch: _, ...filters } = options
  if (place === undefined && !asksFor(options)) throw new Problem(`nothing says which image. ${HOW}`, EXIT.usage)
  if (place !== undefined && (asksFor(filters) || options.cloud !== undefined)) throw new Problem(`a place goes with --arch and no other filter. ${HOW}`, EXIT.usage)
}

/** Gives what fits; any error but that nothing does ends the command: a cloud that was not asked might hold a better one. */
const fitting = (answer: E.Either<ImageError, readonly Candidate[]>): readonly Candidate[] => {
  if (E.isRight(answer)) return answer.right
  if (answer.left._tag === 'Ambiguous') return answer.left.candidates
  if (answer.left._tag === 'NotFound') return []
  throw problemOf(answer.left)
}

const atPlace = async (live: LiveContext, { cloud, image }: ImagePlace, architecture: string | undefined): Promise<readonly Candidate[]> => {
  const found = await Promise.all(
    targetsNamed(live, cloud).map(async (target) => fitting(E.map((one: Image) => [one])(await findOne(await sourceOf(live, target), { ...image, architecture }, { signal: live.signal })()))),
  )
  return found.flat()
}

/** What was made last; of two that were made at the same time, the first. One that does not say when is older than all that do. */
const newestOf = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.slice(1).reduce(
    (best, one) => (one.createdAt !== null && (best[0]?.createdAt == null || isBefore(best[0].createdAt, one.createdAt)) ? [one] : best),
    candidates.slice(0, 1),
  )

/** What choosing among candidates and naming them takes, without the record. */
const summary = ({ ref, name, architecture, createdAt }: Candidate): Candidate => ({ ref, name, architecture, createdAt })

/** Adds an image that fits to what is kept: of very many, no more than choosing and printing take. */
const keep = (candidates: Candidate[], image: Image, { newest, all, output }: FindImageOptions): void => {
  if (newest === true) {
    candidates.splice(0, 1, ...newestOf([...candidates, image]))
    return
  }
  const isPrinted = candidates.length === 0 || (all === true && output !== 'id' && output !== 'place')
  candidates.push(isPrinted ? image : summary(image))
}

const amongAll = async (live: LiveContext, query: Query, options: FindImageOptions): Promise<readonly Candidate[]> => {
  const { targets, errors } = chosenTargets(live, options.cloud ?? [])
  if (errors[0] !== undefined) throw problemOf(errors[0])
  const listed = async (target: Target): Promise<readonly Candidate[]> => {
    const candidates: Candidate[] = []
    for await (const answer of pages(await sourceOf(live, target), query, { signal: live.signal, limit: options.first === true ? 1 : undefined })) {
      if (E.isLeft(answer)) return fitting(answer)
      for (const image of answer.right.items) keep(candidates, image, options)
    }
    return candidates
  }
  return (await Promise.all(targets.map(listed))).flat()
}

const picked = (candidates: readonly Candidate[], { newest, first, all }: FindImageOptions): readonly Candidate[] => {
  if (newest === true) return newestOf(candidates)
  if (first === true) return candidates.slice(0, 1)
  const [one, other] = candidates
  if (all === true || one === undefined || other === undefined) return candidates
  const site = siteOf({ provider: 'imago', cloud: null }, 'find')
  throw problemOf(ambiguous(site, { what: `${candidates.length} images fit`, hint: 'Name one of these, say more, or use --newest, --first or --all', candidates }))
}

/** Candidates carry what messages need; whoever prints images needs all of it. */
const imageOf = async (live: LiveContext, candidate: Candidate): Promise<Image> => {
  if ('raw' in candidate) return candidate as Image
  const [target] = targetsNamed(live, nameOf(candidate.ref))
  const answer = await (await sourceOf(live, target as Target)).get(candidate.ref.id, { signal: live.signal })()
  if (E.isLeft(answer)) throw problemOf(answer.left)
  return answer.right
}

const print = async (candidates: readonly Candidate[], { output: format, showSecrets = false }: FindImageOptions, live: LiveContext, output: Output): Promise<void> => {
  if (format === 'id' || format === 'place') {
    for (const { ref } of candidates) output.write(`${visible(format === 'id' ? ref.id : placeOf(ref))}\n`)
    return
  }
  const images = await Promise.all(candidates.map((one) => imageOf(live, one)))
  const writer = await createImageWriter(format, output, { columns: null, showSecrets, rawCsv: false })
  for (const image of images) writer.image(image, null, null)
  writer.end()
}

/** `imago find`: the id of the one image that is meant. None, or several without a word on which, is exit code 3, and prints no id. */
export const find = async (place: string | undefined, options: FindImageOptions, live: LiveContext): Promise<ExitCode> => {
  checkOptions(place, options)
  const architecture = options.arch === undefined ? undefined : architectureCalled('--arch', options.arch)
  const candidates = place === undefined ? await amongAll(live, queryOf(options, live.timing.clock()), options) : await atPlace(live, imagePlaceOf(place), architecture)
  const chosen = picked(candidates, options)
  if (chosen.length === 0) throw problemOf(notFound(siteOf({ provider: 'imago', cloud: null }, 'find'), { what: place === undefined ? 'there is no image like that' : `there is no image ${place}` }))
  await print(chosen, options, live, live.output)
  await live.output.end()
  return EXIT.done
}
