import {
  rejected,
  unsupported,
  type Abortable,
  type ImageResult,
  type Image,
  type ImageChanges,
  type Visibility,
} from '@imago/core/provider'
import { refuseUnsupportedChange } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { CHANGES } from '../capabilities.ts'
import { imagePatch, findChangeProblem } from '../requests/image-patch.ts'
import {
  toCallOptions,
  fetchImage,
  patchImage,
  fetchRecord,
  createSite,
  toImage,
  withId,
  type SourceContext,
  type WireRecord,
} from './context.ts'

/** Sends the differences, if any. */
const sendDifference = (
  context: SourceContext,
  id: string,
  record: WireRecord,
  changes: ImageChanges,
  options: Abortable,
): ImageResult<Image> =>
  pipe(
    imagePatch(record, changes),
    E.mapLeft((why) => rejected(createSite(context, 'update'), { what: why })),
    TE.fromEither,
    TE.flatMap((patch) =>
      patch.length === 0
        ? TE.fromEither(toImage(context, 'update')(record))
        : patchImage(context, 'update', id, patch, options),
    ),
  )

/**
 * Reads the image and patches the differences.
 * If another client removes a property at the same time, the patch is a conflict; then the image is read again and the remaining differences are sent.
 */
export const update =
  (context: SourceContext) =>
  (id: string, changes: ImageChanges, options: Abortable = {}): ImageResult<Image> => {
    const site = createSite(context, 'update')
    const guarded = withId(context, 'update', options)
    const refusal = refuseUnsupportedChange(site, 'Glance', changes, CHANGES)
    if (refusal !== null) return guarded(id, TE.left(refusal))
    const why = findChangeProblem(changes)
    if (why !== null) return guarded(id, TE.left(rejected(site, { what: why })))
    const attempt = pipe(
      fetchRecord(context, 'update', id, options),
      TE.flatMap((record) => sendDifference(context, id, record, changes, options)),
    )
    return guarded(
      id,
      pipe(
        attempt,
        TE.orElse((error) => (error._tag === 'Conflict' ? attempt : TE.left(error))),
        TE.mapLeft((error) =>
          error._tag === 'Conflict'
            ? { ...error, hint: 'Check the image, which was changed at the same time, then retry' }
            : error,
        ),
      ),
    )
  }

export const protect =
  (context: SourceContext) =>
  (id: string, isProtected: boolean, options: Abortable = {}): ImageResult<Image> =>
    withId(
      context,
      'protect',
      options,
    )(id, patchImage(context, 'protect', id, [{ op: 'replace', path: '/protected', value: isProtected }], options))

/** Glance before Rocky (API 2.7) treats `os_hidden` as an unknown property and rejects the patch with an unrelated message. */
export const hide =
  (context: SourceContext) =>
  (id: string, isHidden: boolean, options: Abortable = {}): ImageResult<Image> =>
    withId(
      context,
      'hide',
      options,
    )(
      id,
      pipe(
        patchImage(context, 'hide', id, [{ op: 'replace', path: '/os_hidden', value: isHidden }], options),
        TE.orElse((error) => {
          if (error._tag !== 'Conflict' && error._tag !== 'Rejected') return TE.left(error)
          return pipe(
            fetchRecord(context, 'hide', id, options),
            TE.flatMap((record) =>
              TE.left(
                Object.hasOwn(record, 'os_hidden')
                  ? error
                  : unsupported(createSite(context, 'hide'), {
                      what: 'Glance versions before Rocky cannot hide images',
                      capability: 'hide',
                    }),
              ),
            ),
          )
        }),
      ),
    )

export const setVisibility =
  (context: SourceContext) =>
  (id: string, visibility: Exclude<Visibility, 'unknown'>, options: Abortable = {}): ImageResult<Image> =>
    withId(
      context,
      'setVisibility',
      options,
    )(
      id,
      patchImage(context, 'setVisibility', id, [{ op: 'replace', path: '/visibility', value: visibility }], options),
    )

export const deactivate =
  (context: SourceContext) =>
  (id: string, isDeactivated: boolean, options: Abortable = {}): ImageResult<Image> => {
    const act = isDeactivated ? context.api.actions.deactivate : context.api.actions.reactivate
    return withId(
      context,
      'deactivate',
      options,
    )(
      id,
      pipe(
        act(id, toCallOptions('deactivate', options)),
        TE.flatMap(() => fetchImage(context, 'deactivate', id, options)),
      ),
    )
  }
