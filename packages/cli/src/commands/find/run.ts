import type { Candidate, Image } from '@imago/core'
import { formatCloud, formatImageRef, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { formatFlag } from '../../command-line/option.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { checkSelection, givenSelection } from '../../listing/query-options.ts'
import { toProblem } from '../../live-problem.ts'
import type { LiveContext } from '../../live.ts'
import type { SelectionOptions } from '../../options/selection.ts'
import { createImages, requestImages, type ImageRequest } from '../../output/images.ts'
import type { Output } from '../../output/stream.ts'
import { visible } from '../../output/visible.ts'
import { Problem } from '../../problem.ts'
import { openSource, resolveTargets } from '../../resolve-image.ts'
import { findCandidates, isBrief } from './candidates.ts'
import { describeNoMatch } from './no-match.ts'
import type { FindImageOptions } from './options.ts'
import { pick } from './pick.ts'

const HOW = 'Name an image as [provider/]cloud[@region]:image, or select one with --os, --name, --label …'

const PICKS = ['newest', 'first', 'all'] as const

/** The selection options that can be combined with an address, to distinguish images of the same name. */
const WITH_ADDRESS: ReadonlySet<keyof SelectionOptions> = new Set(['arch', 'kind', 'status'] as const)

const checkOptions = (address: string | undefined, options: FindImageOptions): void => {
  const picks = PICKS.filter((one) => options[one] === true)
  if (picks.length > 1) throw new Problem(`--${picks.join(' and --')} cannot be combined`, EXIT.usage)
  const given = givenSelection(options)
  if (options.locked === true && (address === undefined || given.length > 0 || picks.length > 0))
    throw new Problem('--locked requires one image by its name, such as prod:web, and no filters', EXIT.usage)
  if (address === undefined && given.length === 0) throw new Problem(`no image selected. ${HOW}`, EXIT.usage)
  const misplaced = options.cloud === undefined ? given.find((name) => !WITH_ADDRESS.has(name)) : 'cloud'
  if (address !== undefined && misplaced !== undefined)
    throw new Problem(
      `${formatFlag(misplaced)} cannot be combined with the address of an image; only --arch, --kind and --status can. ${HOW}`,
      EXIT.usage,
    )
}

/** The complete image of a candidate. */
const fetchImage = async (live: LiveContext, candidate: Candidate): Promise<Image> => {
  if ('raw' in candidate) return candidate as Image
  const [target] = resolveTargets(live, formatCloud(candidate.ref))
  const image = await (await openSource(live, target as ProviderCloud)).get(candidate.ref.id, { signal: live.signal })()
  if (E.isLeft(image)) throw toProblem(image.left)
  return image.right
}

const print = async (
  candidates: readonly Candidate[],
  request: ImageRequest,
  live: LiveContext,
  output: Output,
): Promise<void> => {
  if (isBrief(request)) {
    for (const { ref } of candidates)
      output.write(`${visible(request.format === 'id' ? ref.id : formatImageRef(ref))}\n`)
    return
  }
  const images = await Promise.all(candidates.map((one) => fetchImage(live, one)))
  const writer = await createImages(request, output)
  for (const image of images) writer.image(image, null, null)
  writer.end()
}

/** `imago find`: prints the ID of the matching image. No match, or several, exits with 3 and prints no ID. */
export const find = async (
  address: string | undefined,
  options: FindImageOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  checkOptions(address, options)
  checkSelection(options, live.timing.clock())
  const request = requestImages(options)
  const candidates = await findCandidates(address, options, request, live)
  const chosen = pick(candidates, options)
  if (chosen.length === 0) throw await describeNoMatch(address, options, live)
  await print(chosen, request, live, live.output)
  await live.output.end()
  await live.messages.end()
  return EXIT.done
}
