import {
  listAll,
  type Abortable,
  type Image,
  type ImageResult,
  type ImageSource,
  type Listing,
  type ListingSource,
  type UsageEdge,
  type UsageView,
} from '@imago/core/provider'
import { readUsageImages, readUsageList, toUsage, type UsageList, type UsagePage } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Listed } from '../api/page.ts'
import { toCallOptions, type SourceContext } from './context.ts'
import { fetchAccount } from './owner.ts'
import { findEdges } from './usage/edges.ts'
import { readSnapshotIds } from '../volume-snapshots.ts'
import { readServer, readVolume } from './usage/readings.ts'

const OPERATION = 'usage'

/** Number of concurrent member requests. */
const CONCURRENCY = 4

const toUsagePage =
  <A, B>(read: (record: A) => B | undefined) =>
  ({ items, rejected, marker }: Listed<A>): UsagePage<B> => {
    const readings = items.flatMap((item) => read(item) ?? [])
    return { items: readings, unreadable: rejected.length + items.length - readings.length, next: marker }
  }

/** Properties that refer to a server, an image or a volume snapshot. */
const REFERENCES = ['instance_uuid', 'base_image_ref', 'block_device_mapping']

/** An image with unreadable snapshot references may be used by any volume created from a snapshot. */
const withSnapshots = (images: UsageList<Image>): UsageList<Image> => {
  const unreadable = images.items.filter((image) => readSnapshotIds(image) === undefined).length
  return unreadable === 0 || images.state.completeness !== 'read'
    ? images
    : {
        ...images,
        state: { completeness: 'failed', reason: `images with an unreadable block_device_mapping: ${unreadable}` },
      }
}

/** Glance lists community images only on request; they may also refer to other images. `owner`: `null`: nobody; absent: all projects. */
const withCommunityImages = (
  source: ListingSource,
  { owner }: { readonly owner?: string | null },
  listing: ImageResult<Listing>,
  options: Abortable,
): ImageResult<Listing> =>
  owner === null
    ? listing
    : pipe(
        listing,
        TE.bindTo('listed'),
        TE.bind('community', () => listAll(source, { visibility: 'community', owner, hidden: 'include' }, options)),
        TE.map(({ listed, community }) => {
          const there = new Set(listed.items.map(({ ref }) => ref.id))
          return {
            items: [...listed.items, ...community.items.filter(({ ref }) => !there.has(ref.id))],
            rejected: [...listed.rejected, ...community.rejected],
            drift: [...listed.drift, ...community.drift],
          }
        }),
      )

/** The project's images of visibility `shared` that other projects may use: they have members, or the members could not be read. */
const findShared = async (
  context: SourceContext,
  project: string | null,
  images: UsageList<Image>,
  edges: readonly UsageEdge[],
  options: Abortable,
): Promise<readonly string[]> => {
  const used = new Set(edges.flatMap(({ image, relation }) => (relation === 'origin' ? [] : [image.id])))
  // Images that are known to be used need no further check.
  const waiting = images.items
    .filter(({ ref, visibility, owner }) => visibility === 'shared' && owner === project && !used.has(ref.id))
    .map(({ ref }) => ref.id)
  const shared: string[] = []
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const members = await context.api.members.list(id, toCallOptions(OPERATION, options))()
      const isAlone = E.isRight(members) && members.right.items.length + members.right.rejected.length === 0
      if (!isAlone) shared.push(id)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return shared.sort()
}

/** Cinder and Glance show the resources of all projects to this role. cinder, glance: context_is_admin. */
const ADMIN = 'admin'

/**
 * Cinder ignores `all_tenants` of others (cinder: cinder/api/v3/volumes.py, _get_volumes), and Glance lists them only the images that they can use. Both
 * lists then look complete, but are not.
 */
const forAllProjects = <A>(list: UsageList<A>, roles: readonly string[]): UsageList<A> =>
  list.state.completeness !== 'read' || roles.includes(ADMIN)
    ? list
    : {
        ...list,
        state: {
          completeness: 'forbidden',
          reason: `only the role ${ADMIN} can list the ${list.name} of all projects`,
        },
      }

/** Finds uses by servers and volumes of the project, or of all projects, and by references in images. */
export const usage =
  (context: SourceContext, source: ListingSource): NonNullable<ImageSource['usage']> =>
  ({ signal, allProjects = false, listing = listAll(source, { hidden: 'include' }, { signal }) } = {}) => {
    const { cloud } = context
    const call = toCallOptions(OPERATION, { signal })
    const servers = readUsageList(cloud, 'servers', (marker) =>
      pipe(context.api.servers.list({ marker, allTenants: allProjects }, call), TE.map(toUsagePage(readServer))),
    )
    const volumes = readUsageList(cloud, 'volumes', (marker) =>
      pipe(context.api.volumes.list({ marker, allTenants: allProjects }, call), TE.map(toUsagePage(readVolume))),
    )
    return pipe(
      fetchAccount(context, OPERATION)({ signal }),
      TE.flatMap(({ project, roles }) => async () => {
        const all = withCommunityImages(source, allProjects ? {} : { owner: project }, listing, { signal })
        const [byServers, ...others] = await Promise.all([
          servers(),
          volumes(),
          readUsageImages(cloud, all, REFERENCES)().then(withSnapshots),
        ])
        const byVolumes = allProjects ? forAllProjects(others[0], roles) : others[0]
        const byImages = allProjects ? forAllProjects(others[1], roles) : others[1]
        const edges = findEdges({ cloud, servers: byServers, volumes: byVolumes, images: byImages })
        const view: UsageView = allProjects
          ? { kind: 'everyone', project }
          : { kind: 'project', project, shared: await findShared(context, project, byImages, edges, { signal }) }
        return toUsage([byServers, byVolumes, byImages], edges, view)
      }),
    )
  }
