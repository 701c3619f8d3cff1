import type { Image } from '@imago/core'
import type { Provider, RemainingResource } from '@imago/provider-kit'
import { printMessage } from '../message.ts'
import type { Output } from '../output/stream.ts'
import { describeImage } from '../resolve-image.ts'

/** The resources with data of an image that remain when it is deleted. */
export const findRemaining = (image: Image, providers: readonly Provider[]): readonly RemainingResource[] =>
  providers.find(({ name }) => name === image.ref.provider)?.findRemaining?.(image) ?? []

/** The resources in JSON documents. */
export const remainingToJson = (resources: readonly RemainingResource[]): readonly unknown[] =>
  resources.map(({ kind, id }) => ({ kind, id }))

/** Reports what remains when an image is deleted, a line for each resource. `isDeleted`: whether it was. */
export const reportRemaining = (
  { messages, providers }: { readonly messages: Output; readonly providers: readonly Provider[] },
  image: Image,
  isDeleted: boolean,
): void => {
  for (const { title, id, deleteCommand } of findRemaining(image, providers))
    printMessage(
      messages,
      isDeleted
        ? `imago: ${title} ${id} of ${describeImage(image)} remains. If it is no longer needed, run: ${deleteCommand}`
        : `imago: ${describeImage(image)}: its data is in ${title} ${id}, which is not deleted with the image. To delete it afterwards, run: ${deleteCommand}`,
    )
}
