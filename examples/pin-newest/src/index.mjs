// @ts-check
// Prints the ID of the newest Ubuntu 24.04 for x86_64 of each configured cloud. Write it into a pipeline, so that every build uses the same image.
import { ImageException, toClient } from 'imago'
import { connect } from 'imago/live'

const wanted = /** @type {const} */ ({
  distro: 'ubuntu',
  version: '24.04',
  architecture: 'x86_64',
  status: 'available',
})

/** Whether the image is published by the provider or operator, and is not a snapshot. @param {import('imago').Image} image */
const isBase = ({ kind, visibility }) => visibility === 'public' && (kind === 'system' || kind === 'image')

/** Finds the image that was created last. If two were created at the same time, the ID decides, so that the result does not depend on the order of the list. @param {readonly import('imago').Image[]} images */
const findNewest = (images) =>
  images.toSorted((a, b) => `${b.createdAt ?? ''} ${b.ref.id}`.localeCompare(`${a.createdAt ?? ''} ${a.ref.id}`)).at(0)

const { clouds, close } = await connect()
for (const { name, source } of clouds) {
  const client = toClient(source)
  try {
    const image = await client.find({ query: wanted })
    console.log(`${name}: ${image.ref.id}  ${image.name}, the only one`)
  } catch (thrown) {
    if (!(thrown instanceof ImageException)) throw thrown
    if (thrown.error._tag !== 'Ambiguous') {
      console.log(thrown.message)
      continue
    }
    // Several images match: imago does not guess, so this program chooses.
    const { items } = await client.listAll(wanted)
    const bases = items.filter(isBase)
    const image = findNewest(bases)
    console.log(
      image === undefined
        ? `${name}: none`
        : `${name}: ${image.ref.id}  ${image.name}, the newest base image of ${items.length} matching images`,
    )
  }
}
close()
