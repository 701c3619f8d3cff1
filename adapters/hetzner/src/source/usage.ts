import {
  listAll,
  type Image,
  type ImageSource,
  type ListingSource,
  type Origin,
  type UsageEdge,
  type UsageView,
} from '@imago/core/provider'
import { readUsageImages, readUsageList, toUsage, type UsageList, type UsagePage } from '@imago/provider-kit'
import { createRecordReader } from '@imago/provider-kit/live'
import { HetznerImage, type HetznerServer } from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HetznerPage } from '../api/page.ts'
import { LARGEST_PAGE } from '../capabilities.ts'
import type { SourceContext } from './context.ts'

const OPERATION = 'usage'

/** A token belongs to one project, and other projects cannot use its snapshots and backups. Images have no owner. */
const VIEW: UsageView = { kind: 'project', project: null, shared: [] }

/** A server, and the ID of the image that it was created from; `null`: that image was deleted. */
interface ServerWithImage {
  readonly server: HetznerServer
  readonly imageId: number | null
}

const readImage = createRecordReader('hetzner', HetznerImage)

/** `undefined`: the image in the record is absent or invalid. */
const readServer = (server: HetznerServer): ServerWithImage | undefined => {
  if (server.image === null) return { server, imageId: null }
  const image = readImage(server.image, '')
  return E.isRight(image) ? { server, imageId: image.right.id } : undefined
}

const toUsagePage = ({ items, rejected, pagination }: HetznerPage<HetznerServer>): UsagePage<ServerWithImage> => {
  const servers = items.flatMap((server) => readServer(server) ?? [])
  const next = pagination.next_page ?? null
  return {
    items: servers,
    unreadable: rejected.length + items.length - servers.length,
    next: next === null ? null : String(next),
  }
}

type ImageRefById = (id: string) => UsageEdge['image']

const serverEdges = ({ server: { id, name }, imageId }: ServerWithImage, toRef: ImageRefById): readonly UsageEdge[] =>
  imageId === null
    ? []
    : [
        {
          image: toRef(String(imageId)),
          by: { kind: 'server', id: String(id), name: name ?? null },
          relation: 'uses',
          via: 'servers[].image.id',
          evidence: 'declared',
          // The disk of a server is a copy.
          dependsOn: false,
        },
      ]

/** The edges in the record of an image. `serverNamed` returns the name of a server, or `undefined` if the server no longer exists. */
const imageEdges = (
  image: Image,
  serverNamed: (id: string, statedName: string | null) => string | null | undefined,
): readonly UsageEdge[] =>
  image.origins.flatMap(({ relation, kind, id, name }: Origin): readonly UsageEdge[] => {
    if (kind !== 'server' || id === null) return []
    const isBound = relation === 'bound-to'
    const serverName = serverNamed(id, name)
    // The server that the image was created from may no longer exist.
    if (!isBound && serverName === undefined) return []
    return [
      {
        image: image.ref,
        by: { kind: 'server', id, name: serverName ?? name },
        relation: isBound ? 'bound' : 'origin',
        via: isBound ? 'images[].bound_to' : 'images[].created_from.id',
        evidence: 'declared',
        dependsOn: false,
      },
    ]
  })

/** Servers by ID. A server that is missing in a complete list no longer exists. */
const createNames = ({ items, state }: UsageList<ServerWithImage>) => {
  const names = new Map(items.map(({ server: { id, name } }) => [String(id), name ?? null]))
  return (id: string, statedName: string | null): string | null | undefined =>
    names.has(id) ? (names.get(id) ?? statedName) : state.completeness === 'read' ? undefined : statedName
}

/** Lists servers with their images, and images with their servers. Volumes at Hetzner are created empty, never from an image. */
export const usage =
  (context: SourceContext, images: ListingSource): NonNullable<ImageSource['usage']> =>
  ({ signal, listing = listAll(images, { hidden: 'include' }, { signal }) } = {}) => {
    const { cloud } = context.session
    const toRef: ImageRefById = (id) => ({ ...cloud, id })
    const servers = readUsageList(cloud, 'servers', (next) =>
      pipe(
        context.servers.list(
          { page: next === null ? 1 : Number(next), per_page: LARGEST_PAGE },
          { operation: OPERATION, signal },
        ),
        TE.map(toUsagePage),
      ),
    )
    return async () => {
      const [byServers, byImages] = await Promise.all([
        servers(),
        readUsageImages(cloud, listing, ['bound_to', 'created_from'])(),
      ])
      const serverNamed = createNames(byServers)
      const edges = [
        ...byServers.items.flatMap((server) => serverEdges(server, toRef)),
        ...byImages.items.flatMap((image) => imageEdges(image, serverNamed)),
      ]
      return toUsage([byServers, byImages], edges, VIEW)
    }
  }
