// The real Glance of the lab: 3,000 images.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../measure.mjs'
import { run, up } from '../../lab/scripts.mjs'
import { LabFailure } from '../../lab/failure.mjs'
import { remove, removeLeftovers, stateByHand } from '../../lab/states.mjs'
import { PYTHON, rounds, table } from './run.mjs'

const IMAGES = 3000
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')
const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** A token of the user demo. */
const tokenOf = async ({ authUrl }) => {
  const domain = { name: 'Default' }
  const identity = { methods: ['password'], password: { user: { name: 'demo', password: 'labsecret', domain } } }
  const answer = await fetch(`${authUrl}/auth/tokens`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ auth: { identity, scope: { project: { name: 'demo', domain } } } }) })
  if (answer.status !== 201) throw new Error(`Keystone answered ${answer.status}`)
  return answer.headers.get('x-subject-token')
}

/** The addresses of the pages, by one walk along `next`. */
const pageUrls = async (imageUrl, token) => {
  const urls = []
  for (let path = '/v2/images?limit=1000'; path !== undefined; ) {
    urls.push(new URL(path, imageUrl).href)
    path = (await (await fetch(urls.at(-1), { headers: { 'x-auth-token': token } })).json()).next
  }
  return urls
}

/** `curl --config`: the token is in a file, not in the list of processes. All pages go over one connection. */
const curlConfig = (file, urls, header) => {
  writeFileSync(file, [`header = "${header}"`, 'silent', 'fail', ...urls.map((url) => `url = "${url}"`), ''].join('\n'), { mode: 0o600 })
  return ['curl', '--config', file]
}

export const glance = async (line, folder, count) => {
  const state = stateByHand('bench')
  await removeLeftovers()
  try {
    await up(state)
    if ((await run(PYTHON, [join(root, 'lab', 'seed-images.py'), state, String(IMAGES), '--active'])) !== 0) throw new LabFailure('the images could not be seeded')
    const lab = JSON.parse(readFileSync(join(state, 'lab.json'), 'utf8'))
    const token = await tokenOf(lab)
    const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml, OS_CLOUD: 'demo', no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1', BENCH_URL: lab.imageUrl, BENCH_TOKEN: token }
    const curl = curlConfig(join(folder, 'glance'), await pageUrls(lab.imageUrl, token), `X-Auth-Token: ${token}`)
    const ours = [process.execPath, imago, 'list', 'openstack/demo']
    line(`## ${IMAGES.toLocaleString('en')} images of a real Glance`)
    line()
    const clients = [
      { name: 'curl', command: curl },
      { name: 'imago list', command: ours },
      { name: 'imago list, at a terminal', command: ours, watch: ['--terminal'] },
      { name: 'imago list -o ndjson', command: [...ours, '-o', 'ndjson'] },
      { name: 'Node’s fetch', command: [process.execPath, here('fetch-pages.mjs'), 'glance'] },
      { name: 'openstacksdk, limit=1000', isSlow: true, command: [PYTHON, here('sdk-images.py'), '1000'] },
      { name: 'openstacksdk', isSlow: true, command: [PYTHON, here('sdk-images.py')] },
      { name: 'openstack image list', isSlow: true, command: ['openstack', 'image', 'list'] },
    ].map((client) => ({ ...client, env }))
    line(table(await rounds(clients, { count, passes: 3, rows: IMAGES })))
    line('## One image of that Glance, from a cold start')
    line()
    const one = [
      { name: 'openstack image list --limit 1', command: ['openstack', 'image', 'list', '--limit', '1'] },
      { name: 'imago list --limit 1', command: [...ours, '--limit', '1'] },
    ].map((client) => ({ ...client, env }))
    line(table(await rounds(one, { count, passes: 3, rows: 1 })))
  } finally {
    await remove([state])
  }
}

export { curlConfig, here, imago }
