import { createErrorSite, RUN_EPOCH_LABEL, type ImageSource } from '@imago/core/provider'
import { readRunLabel, toOrphan, type Labels, type TaggedResource } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { collect } from '../source/collect.ts'
import { withId } from '../source/context.ts'
import { TEMPORARY_SELECTOR } from '../transfer-labels.ts'
import type { RescueContext } from './context.ts'
import { deleteTemporary } from './delete-temporary.ts'

interface Labelled extends Pick<TaggedResource, 'id' | 'name' | 'created'> {
  readonly labels?: Labels | null | undefined
}

const toOrphanOfKind =
  (kind: TaggedResource['kind']) =>
  ({ labels, ...resource }: Labelled) =>
    toOrphan({ ...resource, kind, run: readRunLabel(labels), epoch: labels?.[RUN_EPOCH_LABEL] })

/** Lists the temporary resources of the project. */
export const listOrphans =
  (context: RescueContext): NonNullable<ImageSource['orphans']> =>
  ({ signal } = {}) => {
    const options = { operation: 'orphans', signal }
    const site = createErrorSite(context.session.cloud, options.operation)
    const wanted = (page: number) => ({ label_selector: TEMPORARY_SELECTOR, page, per_page: LARGEST_PAGE })
    return pipe(
      TE.Do,
      TE.bind('servers', () => collect(site, 'servers', (page) => context.servers.list(wanted(page), options))),
      TE.bind('keys', () => collect(site, 'SSH keys', (page) => context.sshKeys.list(wanted(page), options))),
      TE.bind('images', () =>
        collect(site, 'images', (page) => context.images.list({ ...wanted(page), type: ['snapshot'] }, options)),
      ),
      TE.map(({ servers, keys, images }) => [
        ...servers.map(toOrphanOfKind('server')),
        ...keys.map(toOrphanOfKind('ssh-key')),
        ...images.map(({ image: { ref, name, createdAt, labels } }) =>
          toOrphanOfKind('image')({ id: ref.id, name, created: createdAt, labels }),
        ),
      ]),
    )
  }

/** `deleteTemporary` checks the labels first, because a relabelled resource may be in use. */
export const deleteOrphan =
  (context: RescueContext): NonNullable<ImageSource['deleteOrphan']> =>
  ({ kind, id, run }, { signal } = {}) => {
    const options = { operation: 'deleteOrphan', signal }
    return withId(context, { kind, id, ...options }, (number) =>
      deleteTemporary(context, { kind, id: number, run }, options),
    )
  }
