import { formatError, perform, type Image, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { beginStep, type RunContext } from './context.ts'
import { retrying } from './retry.ts'

/** Applies the final settings, protection last. Returns a warning for each one that fails; the image is complete anyway. */
export const finish = async (
  context: RunContext,
  source: ImageSource,
  image: Image,
): Promise<E.Either<ImageError, readonly string[]>> => {
  const { finalSettings: wanted } = context.plan
  const { visibility, hide, protect } = wanted
  const { id } = image.ref
  const call = { signal: context.signal }
  const work = [
    ...(visibility === null || image.visibility === visibility
      ? []
      : [
          {
            what: `the visibility was not set to ${visibility}`,
            set: perform(source, 'setVisibility', id, visibility, call),
          },
        ]),
    ...(!hide || image.hidden === true
      ? []
      : [{ what: 'the image was not hidden', set: perform(source, 'hide', id, true, call) }]),
    ...(!protect || image.protected === true
      ? []
      : [{ what: 'the image was not protected', set: perform(source, 'protect', id, true, call) }]),
  ]
  if (work.length === 0) return E.right([])
  await beginStep(context, 'finish')
  const warnings: string[] = []
  for (const { what, set } of work) {
    const result = await retrying(context, 'finish', set)
    if (E.isLeft(result) && result.left._tag === 'Aborted') return result
    if (E.isLeft(result)) warnings.push(`${what}: ${formatError(result.left)}`)
  }
  context.emit({ event: 'step-done', step: 'finish', bytes: null })
  return E.right(warnings)
}
