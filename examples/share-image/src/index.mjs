// @ts-check
// Shares an image of one OpenStack project with another, accepts it there, and shows that it is then listed. Both projects are configured clouds.
import { toClient } from 'imago'
import { connect } from 'imago/live'

const [from, to, imageName] = process.argv.slice(2)
if (from === undefined || to === undefined || imageName === undefined) {
  console.error('usage: share-image FROM-CLOUD TO-CLOUD IMAGE')
  process.exit(2)
}

const { clouds, problems, close } = await connect({ clouds: [from, to] })
const [fromCloud, toCloud] = clouds
if (fromCloud?.provider !== 'openstack' || toCloud?.provider !== 'openstack')
  throw new Error(problems.map(({ what }) => what).join('; ') || 'name two OpenStack clouds')
const [owner, recipient] = [toClient(fromCloud.source), toClient(toCloud.source)]

// Glance shares with the ID of a project. A login of that project returns it.
const identity = await toCloud.session.identity()()
if (identity._tag === 'Left') throw new Error(identity.left.what)
const project = identity.right.project?.id
if (project === undefined || project === null) throw new Error(`the credentials of ${toCloud.name} have no project`)

const image = await owner.find({ idOrName: imageName })
console.log(`${image.name}: ${image.visibility}, owned by ${image.owner}`)

// Glance shares only images with the visibility `shared`.
if (image.visibility !== 'shared') console.log((await owner.setVisibility(image.ref.id, 'shared')).visibility)

const invited = await owner.share(image.ref.id, { action: 'invite', project })
console.log('invited:', invited.map(({ project: id, status }) => `${id} ${status}`).join(', '))

const before = (await recipient.listAll()).items.some(({ ref }) => ref.id === image.ref.id)
await recipient.share(image.ref.id, { action: 'accept' })
const after = (await recipient.listAll()).items.some(({ ref }) => ref.id === image.ref.id)
console.log(`listed in ${toCloud.name}: ${before} before, ${after} after it was accepted`)
close()
