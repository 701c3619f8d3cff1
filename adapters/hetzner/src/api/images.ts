import { createRecordReader, readRecordAt, type RecordReader } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import {
  HetznerAction,
  HetznerActionEnvelope,
  HetznerActionPage,
  HetznerImageEnvelope,
  HetznerImagePage,
} from '@imago/schema-hetzner'
import {
  changeImageProtection,
  deleteImage,
  getActionOfImages,
  getImage,
  listActionsOfImage,
  listActionsOfImages,
  listImages,
  updateImage,
  type ActionListParameters,
  type AllActionsParameters,
  type ImageListParameters,
  type ImageUpdate,
} from '../requests/images.ts'
import { findLabelProblem } from '../requests/labels.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'

/**
 * Images and their actions. `I` is the type that images are read as.
 *
 * `GET /images/{id}/actions/{action_id}` is left out: deprecated since 2026-04-30 in favour of `GET /images/actions/{id}`.
 */
export interface ImagesApi<I> {
  /** `GET /images`. */
  readonly list: (parameters?: ImageListParameters, options?: CallOptions) => ImageResult<HetznerPage<I>>
  /** `GET /images/{id}`. Also returns deprecated images. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<I>
  /** `PUT /images/{id}`. Snapshots and backups only. Invalid labels are `Rejected` without a request. */
  readonly update: (id: number, changes: ImageUpdate, options?: CallOptions) => ImageResult<I>
  /** `DELETE /images/{id}`. Snapshots and backups only. */
  readonly remove: (id: number, options?: CallOptions) => ImageResult<void>
  /** `POST /images/{id}/actions/change_protection`. Snapshots only. */
  readonly changeProtection: (
    id: number,
    protection: { readonly delete?: boolean | undefined },
    options?: CallOptions,
  ) => ImageResult<HetznerAction>
  /** `GET /images/{id}/actions`. */
  readonly actions: (
    id: number,
    parameters?: ActionListParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerAction>>
  /** `GET /images/actions`. */
  readonly allActions: (
    parameters?: AllActionsParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerAction>>
  /** `GET /images/actions/{id}`. */
  readonly action: (actionId: number, options?: CallOptions) => ImageResult<HetznerAction>
}

export const imagesApi = <I>({ read, send }: HetznerSession, readImage: RecordReader<I>): ImagesApi<I> => {
  const imagePage = readPage(HetznerImagePage, 'images', readImage)
  const image = readRecordAt(HetznerImageEnvelope, 'image', readImage)
  const readAction = createRecordReader('hetzner', HetznerAction)
  const action = readRecordAt(HetznerActionEnvelope, 'action', readAction)
  const actionPage = readPage(HetznerActionPage, 'actions', readAction)
  const of = (id: number): string => `image ${id}`
  return {
    list: (parameters = {}, options) =>
      read(listImages(parameters), toCall({ operation: 'images.list' }, options), imagePage),
    get: (id, options) => read(getImage(id), toCall({ operation: 'images.get', subject: of(id) }, options), image),
    update: (id, changes, options) =>
      read(
        updateImage(id, changes),
        toCall({ operation: 'images.update', subject: of(id), problem: findLabelProblem(changes.labels) }, options),
        image,
      ),
    remove: (id, options) => send(deleteImage(id), toCall({ operation: 'images.remove', subject: of(id) }, options)),
    changeProtection: (id, protection, options) =>
      read(
        changeImageProtection(id, protection),
        toCall({ operation: 'images.changeProtection', subject: of(id) }, options),
        action,
      ),
    actions: (id, parameters = {}, options) =>
      read(
        listActionsOfImage(id, parameters),
        toCall({ operation: 'images.actions', subject: of(id) }, options),
        actionPage,
      ),
    allActions: (parameters = {}, options) =>
      read(listActionsOfImages(parameters), toCall({ operation: 'images.allActions' }, options), actionPage),
    action: (actionId, options) =>
      read(
        getActionOfImages(actionId),
        toCall({ operation: 'images.action', subject: `action ${actionId}` }, options),
        action,
      ),
  }
}
