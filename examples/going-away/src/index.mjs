// @ts-check
// Lists the images that the providers will withdraw, when, and a replacement with the same operating system, for all configured clouds.
import { formatError, toClient } from 'imago'
import { connect } from 'imago/live'

/** @typedef {import('imago').Image} Image */

/** Finds the image of the newest version with the same distribution, kind and architecture that is not deprecated. @param {Image} old @param {readonly Image[]} images */
const findSuccessor = (old, images) =>
  images
    .filter(
      ({ deprecatedAt, status, kind, architecture, os, name }) =>
        deprecatedAt === null &&
        status === 'available' &&
        kind === old.kind &&
        architecture === old.architecture &&
        os.distro === old.os.distro &&
        (kind !== 'app' || name === old.name),
    )
    .toSorted((a, b) => (b.os.version ?? '').localeCompare(a.os.version ?? '', 'en', { numeric: true }))
    .at(0)

const { clouds, problems, close } = await connect()
for (const problem of problems) console.error(formatError(problem))

for (const { name, source } of clouds) {
  const { items } = await toClient(source).listAll()
  const leaving = items
    .filter(({ deprecatedAt }) => deprecatedAt !== null)
    .toSorted((a, b) => (a.unavailableAfter ?? '').localeCompare(b.unavailableAfter ?? ''))
  console.log(`${name}: ${leaving.length} of ${items.length}`)
  for (const image of leaving) {
    const { os, architecture, unavailableAfter, ref } = image
    const successor = findSuccessor(image, items)
    console.log(
      `  ${unavailableAfter ?? 'unknown when'}  ${ref.id}  ${image.name} (${os.distro} ${os.version}, ${architecture})  →  ${successor === undefined ? 'nothing' : `${successor.name} ${successor.ref.id}`}`,
    )
  }
}
close()
