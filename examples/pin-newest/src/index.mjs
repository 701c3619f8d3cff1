// @ts-check
// The id of the newest Ubuntu 24.04 for x86_64 of each configured cloud: what to write into a pipeline, so that it builds from the same image tomorrow.
import { ImageException, toClient } from 'imago'
import { connect } from 'imago/live'

const wanted = /** @type {const} */ ({
  distro: 'ubuntu',
  version: '24.04',
  architecture: 'x86_64',
  status: 'available',
})

/** Images that a provider or operator made, not somebody's snapshot. @param {import('imago').Image} image */
const isBase = ({ kind, visibility }) => visibility === 'public' && (kind === 'system' || kind === 'image')

/** The one that was made last; by its id where two were made at once, so that the answer never depends on an order. @param {readonly import('imago').Image[]} images */
const newest = (images) =>
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
    // Several fit: now it is this program, and not imago, that says which is meant.
    const { items } = await client.listAll(wanted)
    const bases = items.filter(isBase)
    const image = newest(bases)
    console.log(
      image === undefined
        ? `${name}: none`
        : `${name}: ${image.ref.id}  ${image.name}, the newest base image of ${items.length} images that fit`,
    )
  }
}
close()
