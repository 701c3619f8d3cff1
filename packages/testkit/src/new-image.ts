import {
  createByteSource,
  perform,
  type Image,
  type ImageChanges,
  type ImageSource,
  type NewImage,
} from '@imago/core/provider'
import { must, type CheckContext } from './check.ts'

/** The record that the suite creates. */
export const NEW_IMAGE: NewImage = { name: 'imago-conformance', diskFormat: 'raw', architecture: 'x86_64' }

/** 70,000 bytes that depend on their position: several chunks, and not a multiple of a sector. */
export const SAMPLE_BYTES: Uint8Array = Uint8Array.from(
  { length: 70_000 },
  (_, index) => (index * 7 + (index >> 8)) % 256,
)

/** Creates an image of the suite, without data. */
export const created = async (
  source: ImageSource,
  { deleteLater }: Pick<CheckContext, 'deleteLater'>,
  request: NewImage = NEW_IMAGE,
): Promise<Image> => {
  const image = await must(perform(source, 'create', request))
  deleteLater(image.ref.id)
  return image
}

/** Creates an image of the suite and returns its ID. It has data if the source supports that. */
export const createWithData = async (
  source: ImageSource,
  context: Pick<CheckContext, 'deleteLater'>,
): Promise<string> => {
  const { ref } = await created(source, context)
  if (source.upload !== undefined) await must(source.upload(ref.id, createByteSource(SAMPLE_BYTES)))
  return ref.id
}

/** A change of each field, and the expected field of the image. */
export const CHANGES: {
  readonly [K in keyof ImageChanges]-?: {
    readonly to: Required<ImageChanges>[K]
    readonly shows: (image: Image) => unknown
  }
} = {
  kind: { to: 'snapshot', shows: ({ kind }) => kind },
  name: { to: 'imago-renamed', shows: ({ name }) => name },
  description: { to: 'described by imago', shows: ({ description }) => description },
  labels: { to: { 'imago-label': 'one' }, shows: ({ labels }) => ({ 'imago-label': labels['imago-label'] }) },
  tags: { to: ['imago-tag'], shows: ({ tags }) => tags },
  properties: {
    to: { imago_property: 'one' },
    shows: ({ properties }) => ({ imago_property: properties['imago_property'] }),
  },
  minDisk: { to: 10 * 2 ** 30, shows: ({ size }) => size.minDisk },
  minRam: { to: 2 ** 30, shows: ({ size }) => size.minRam },
}

export const createChange = (field: keyof ImageChanges): ImageChanges => ({ [field]: CHANGES[field].to })
