// The lab's real Glance with 3,000 images.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../measure.mjs'
import { run } from '../../lab/scripts.mjs'
import { LabFailure } from '../../lab/failure.mjs'
import { curlConfig } from './curl.mjs'
import { toEnvironment, createToken, withLab } from './lab.mjs'
import { sizes } from '../sizes.mjs'
import { buildGophercloud, PYTHON, ratiosOfClient, rounds, table } from './run.mjs'

const IMAGES = sizes.liveImages
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')
const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Returns the addresses of all pages by following `next` once. */
const pageUrls = async (imageUrl, token) => {
  const urls = []
  for (let path = '/v2/images?limit=1000'; path !== undefined;) {
    urls.push(new URL(path, imageUrl).href)
    path = (await (await fetch(urls.at(-1), { headers: { 'x-auth-token': token } })).json()).next
  }
  return urls
}

export const glance = ({ line, record }, folder, count) =>
  withLab(async (lab, state) => {
    if ((await run(PYTHON, [join(root, 'lab', 'seed-images.py'), state, String(IMAGES), '--active'])) !== 0)
      throw new LabFailure('the images could not be seeded')
    const token = await createToken(lab, 'demo')
    const env = { ...toEnvironment(lab), OS_CLOUD: 'demo', BENCH_URL: lab.imageUrl, BENCH_TOKEN: token }
    const curl = curlConfig(join(folder, 'glance'), await pageUrls(lab.imageUrl, token), `X-Auth-Token: ${token}`)
    const ours = [process.execPath, imago, 'list', 'openstack/demo']
    line(`## ${IMAGES.toLocaleString('en')} images of a real Glance`)
    line()
    const gophercloud = await buildGophercloud(line)
    const clients = [
      { name: 'curl', command: curl },
      { name: 'imago list', command: ours },
      { name: 'imago list, at a terminal', command: ours, watch: ['--terminal'] },
      { name: 'imago list -o ndjson', command: [...ours, '-o', 'ndjson'] },
      { name: 'Node’s fetch', command: [process.execPath, here('fetch-pages.mjs'), 'glance'] },
      ...(gophercloud === null ? [] : [{ name: 'gophercloud, limit=1000', command: [gophercloud, 'list', '1000'] }]),
      { name: 'openstacksdk, limit=1000', isSlow: true, command: [PYTHON, here('sdk-images.py'), '1000'] },
      { name: 'openstacksdk', isSlow: true, command: [PYTHON, here('sdk-images.py')] },
      { name: 'openstack image list', isSlow: true, command: ['openstack', 'image', 'list'] },
    ].map((client) => ({ ...client, env }))
    const measured = await rounds(clients, { count, passes: sizes.isSmall ? 1 : 3, rows: IMAGES })
    record('list', ratiosOfClient(measured, 'imago list'))
    line(table(measured))
    line('## One image of that Glance, from a cold start')
    line()
    const one = [
      { name: 'openstack image list --limit 1', command: ['openstack', 'image', 'list', '--limit', '1'] },
      { name: 'imago list --limit 1', command: [...ours, '--limit', '1'] },
    ].map((client) => ({ ...client, env }))
    line(table(await rounds(one, { count, passes: sizes.isSmall ? 1 : 3, rows: 1 })))
  })

export { here, imago }
