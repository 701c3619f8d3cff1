import {
  rejected,
  createErrorSite,
  type EntryChanges,
  type Image,
  type ImageChanges,
  type ImageSource,
} from '@imago/core/provider'
import { refuseUnsupportedChange } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { declared } from '../capabilities.ts'
import type { ImageUpdate } from '../requests/images.ts'
import { findNewLabelProblem } from '../requests/labels.ts'
import { withId, type SourceContext } from './context.ts'
import { explainingRefusal } from './refusal.ts'

const toSetEntries = (entries: EntryChanges): readonly (readonly [string, string])[] =>
  Object.entries(entries).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))

const merged = (labels: Image['labels'], entries: EntryChanges): Image['labels'] => {
  const kept = Object.entries(labels).filter(([key]) => !Object.hasOwn(entries, key))
  return Object.fromEntries([...kept, ...toSetEntries(entries)])
}

const isSame = (a: Image['labels'], b: Image['labels']): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => Object.hasOwn(b, key) && b[key] === value)

/** The differences to send. Absent descriptions and labels are not changed. */
const toUpdate = (image: Image, { kind, description, labels }: ImageChanges): ImageUpdate => {
  const all = labels === undefined ? image.labels : merged(image.labels, labels)
  return {
    ...(kind === undefined || kind === image.kind ? {} : { type: kind }),
    ...(description === undefined || description === image.description ? {} : { description }),
    ...(isSame(all, image.labels) ? {} : { labels: all }),
  }
}

/**
 * Reads first, because the API replaces all labels: the others are sent unchanged. A label that somebody else sets between the two requests is lost;
 * the API cannot prevent that.
 */
export const update =
  (context: SourceContext): NonNullable<ImageSource['update']> =>
  (id, changes, { signal } = {}) => {
    const operation = 'update'
    const site = createErrorSite(context.session.cloud, operation)
    const refusal = refuseUnsupportedChange(site, 'Hetzner', changes, declared.changes)
    if (refusal !== null) return TE.left(refusal)
    return withId(context, { operation, kind: 'image', id, signal }, (number) => {
      const problem = findNewLabelProblem(Object.fromEntries(toSetEntries(changes.labels ?? {})))
      if (problem !== null) return TE.left(rejected(site, { what: problem, hint: 'Correct the labels' }))
      const options = { operation, signal }
      return pipe(
        context.images.get(number, options),
        TE.flatMap((reading) => {
          const update = toUpdate(reading.image, changes)
          return Object.keys(update).length === 0
            ? TE.right(reading)
            : pipe(context.images.update(number, update, options), explainingRefusal(context, number, options))
        }),
        TE.map(({ image }) => image),
      )
    })
  }
