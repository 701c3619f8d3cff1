// @ts-check
// Shares an image of one OpenStack project with another, accepts it there, and shows that it is listed. Both projects are configured clouds.
import { toClient } from 'imago'
import { connect } from 'imago/live'

const [from, to, imageName] = process.argv.slice(2)
if (from === undefined || to === undefined || imageName === undefined) {
  console.error('usage: share-image FROM-CLOUD TO-CLOUD IMAGE')
  process.exit(2)
}

const { clouds, problems, close } = await connect({ clouds: [from, to] })
const [giving, taking] = clouds
if (giving?.provider !== 'openstack' || taking?.provider !== 'openstack')
  throw new Error(problems.map(({ what }) => what).join('; ') || 'name two OpenStack clouds')
const [giver, taker] = [toClient(giving.source), toClient(taking.source)]

// The project is known by its id. Whoever logs in there is told it.
const identity = await taking.session.identity()()
if (identity._tag === 'Left') throw new Error(identity.left.what)
const project = identity.right.project?.id
if (project === undefined || project === null) throw new Error(`the login of ${taking.name} is for no project`)

const image = await giver.find({ idOrName: imageName })
console.log(`${image.name}: ${image.visibility}, owned by ${image.owner}`)

// Glance shares only what is "shared": private images are not, until their owner says so.
if (image.visibility !== 'shared') console.log((await giver.setVisibility(image.ref.id, 'shared')).visibility)

const invited = await giver.share(image.ref.id, { action: 'invite', project })
console.log('invited:', invited.map(({ project: id, status }) => `${id} ${status}`).join(', '))

const before = (await taker.listAll()).items.some(({ ref }) => ref.id === image.ref.id)
await taker.share(image.ref.id, { action: 'accept' })
const after = (await taker.listAll()).items.some(({ ref }) => ref.id === image.ref.id)
console.log(`listed in ${taking.name}: ${before} before, ${after} after it was accepted`)
close()
