// @ts-check
// Prints how much data each store of a Glance contains, and how many images are in no other store. Reads the stores with Glance's typed API, because the common
// contract has only their names, and the images with the contract. Both use one login.
import { formatError, toClient } from 'imago'
import { connect } from 'imago/live'

const { clouds, problems, close } = await connect({ clouds: process.argv.slice(2) })
for (const problem of problems) console.error(formatError(problem))

for (const cloud of clouds) {
  if (cloud.provider !== 'openstack') {
    console.log(`${cloud.name}: has no stores`)
    continue
  }
  const [stores, methods] = await Promise.all([cloud.api.info.stores()(), cloud.api.info.importMethods()()])
  if (stores._tag === 'Left') {
    console.log(formatError(stores.left))
    continue
  }
  console.log(
    `${cloud.name}: imports by ${methods._tag === 'Right' ? methods.right.join(', ') : formatError(methods.left)}`,
  )

  const { items } = await toClient(cloud.source).listAll({ status: 'available' })
  for (const { id, description } of stores.right.items) {
    const here = items.filter((image) => image.stores.includes(id))
    const bytes = here.reduce((sum, { size }) => sum + (size.stored ?? 0), 0)
    const only = here.filter((image) => image.stores.length === 1).length
    console.log(
      `  ${id} (${description ?? 'no description'}): ${here.length} images, ${(bytes / 2 ** 30).toFixed(1)} GiB, ${only} of them in no other store`,
    )
  }
}
close()
