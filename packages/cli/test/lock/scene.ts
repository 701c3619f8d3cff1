import { createErrorSite, forbidden, type Image, type ImageSource } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource, type ImageValues } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong, type MemoryLive } from '../live.ts'

/** An image of an operating system, with the record that Hetzner's adapter reads. */
export const ubuntu = (id: string, fields: ImageValues = {}): Image => {
  const image = bareImage(id, {
    name: 'ubuntu-24.04',
    kind: 'system',
    status: 'available',
    visibility: 'public',
    architecture: 'x86_64',
    os: { distro: 'ubuntu', version: '24.04' },
    createdAt: '2026-01-01T00:00:00Z',
    ...fields,
  })
  const { name, kind, status, createdAt, os } = image
  const raw = {
    id: Number(id),
    name,
    type: kind,
    status,
    created: createdAt,
    description: name ?? '',
    architecture: image.architecture === null ? null : 'x86',
    os_flavor: os.distro,
    os_version: os.version,
    image_size: null,
    disk_size: 5,
    created_from: null,
    bound_to: null,
    rapid_deploy: false,
    protection: { delete: false },
    labels: image.labels,
    deprecated: null,
  }
  return { ...image, raw }
}

/** Replaces the record of an image by that of Glance. */
const asGlance = (image: Image): Image => ({
  ...image,
  raw: {
    id: image.ref.id,
    name: image.name,
    status: 'active',
    visibility: image.visibility,
    created_at: image.createdAt,
    architecture: image.architecture,
    os_distro: image.os.distro,
    os_version: image.os.version,
    schema: '/v2/schemas/image',
    file: `/v2/images/${image.ref.id}/file`,
    tags: [],
  },
})

/** The source of a cloud with these images, without owners. */
export const prodWith =
  (...images: readonly Image[]) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({
      images: target.region === null ? images : images.map(asGlance),
      cloud: toIdentity(target),
      without: ['owner'],
    })

/** The source of a cloud that forbids listing these images, and allows requests by ID. */
export const unlistable =
  (...images: readonly Image[]) =>
  (target: ProviderCloud): ImageSource => {
    const source = prodWith(...images)(target)
    const error = forbidden(createErrorSite(toIdentity(target), 'listPage'), { what: 'not allowed', reason: 'policy' })
    return { ...source, listPage: () => TE.left(error), owner: () => TE.left(error) }
  }

/** The clouds of a lock command. */
export const lockLive = (prod: (target: ProviderCloud) => ImageSource): MemoryLive =>
  memoryLive({
    clouds: [hetznerCloud('prod'), openstackCloud('lab', ['one'])],
    open: sourceAmong({ prod, 'lab@one': prod }),
  })
