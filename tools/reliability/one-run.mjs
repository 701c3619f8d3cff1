// Transfers one image with the command under faults until it has arrived, and checks the result.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lab/scripts.mjs'
import { startFaultProxy } from './fault-proxy.mjs'
import { createBytes, createRandom } from './random.mjs'
import {
  arm,
  deleteUnending,
  drawTroubles,
  readEntries,
  makeRoom,
  mountSpool,
  unmountSpool,
  unprotectUnfinished,
} from './troubles.mjs'

const MIB = 2 ** 20
const IMAGO = join(root, 'packages', 'cli', 'bin', 'imago.js')
/** A process that runs longer hangs. */
const PATIENCE_MS = 480_000
const MAX_RESUMES = 10
/** imago's exit code for a missing resource. */
const NOT_FOUND = 3
/** The maximum number of uploads by a process: each is repeated once if its token is refused. */
const MAX_UPLOADS = 6
/** The number of bytes that a run may read from the source besides the image's data: records, and response heads. */
const SMALL_TALK = 256 * 1024

const cloudsYaml = (places) =>
  `clouds:\n${Object.entries(places)
    .map(
      ([name, { cloud, proxy }]) =>
        `  ${name}:\n    auth: {auth_url: '${cloud.authUrl}', username: ${cloud.user}, password: labsecret, project_name: ${cloud.user}, user_domain_name: Default, project_domain_name: Default}\n    region_name: RegionOne\n    image_endpoint_override: ${proxy.url}\n`,
    )
    .join('')}`

/** Waits for a Glance that is being started, as a user would before a retry. */
const settled = async ({ pending }) => {
  for (const starting of pending.splice(0)) await starting
}

const filesIn = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

/** `ready`: the source's data is complete and verified. */
const isSpooled = (entries) =>
  entries.reduce(
    (ready, { entry, item }) =>
      item !== 'source' ? ready : entry === 'ready' ? true : entry === 'discarded' ? false : ready,
    false,
  )

/**
 * @param clouds `{ source, target, route }`, by `openCloud`
 * @returns `{ result: 'moved' | 'refused' | 'FAILED', wrong: string[], … }`; `refused`: the source was gone before its data was read, and nothing was
 * left over
 */
export const oneRun = async (seed, { source, target, route }, folder) => {
  const random = createRandom(seed)
  // A raw disk consists of whole sectors.
  const size = 512 * random.integer((8 * MIB) / 512, (64 * MIB) / 512)
  const troubles = drawTroubles(random, size)
  const name = `reliability-${seed}`
  const bytes = createBytes(seed, size)
  const sha512 = createHash('sha512').update(bytes).digest('hex')
  const spool = join(folder, 'spool')
  const journals = join(folder, 'state', 'imago', 'runs')
  mkdirSync(spool, { recursive: true })

  const isProtected = troubles.some(({ kind }) => kind === 'source-protected')
  const image = await source.create({
    name,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'private',
    protected: isProtected,
  })
  await source.upload(image.id, bytes)

  const proxies = { source: await startFaultProxy(source.glancePort), target: await startFaultProxy(target.glancePort) }
  const ofThisRun = async () => (await target.images()).filter((one) => one.name === name && one.id !== image.id)
  const happened = {}
  const scene = {
    proxies,
    clouds: { source, target },
    happened,
    image,
    spool,
    ownSpool: troubles.some(({ kind }) => kind === 'disk-full'),
    filler: null,
    sourceGone: false,
    killAfter: [],
    firstOptions: [],
    pending: [],
    made: ofThisRun,
    kill: async () => {
      const { child } = scene
      if (child === null || child.exitCode !== null || child.signalCode !== null) return false
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return true
    },
    child: null,
  }
  if (scene.ownSpool) mountSpool(spool, size)
  for (const trouble of troubles) arm(trouble, scene)
  writeFileSync(
    join(folder, 'clouds.yaml'),
    cloudsYaml({ from: { cloud: source, proxy: proxies.source }, to: { cloud: target, proxy: proxies.target } }),
  )

  const said = []
  const imago = async (parameters) => {
    const child = spawn(
      process.execPath,
      [IMAGO, ...parameters, '--spool', spool, '--progress', 'none', '-o', 'json'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml'),
          XDG_STATE_HOME: join(folder, 'state'),
        },
      },
    )
    scene.child = child
    const before = said.length
    child.stderr.on('data', (chunk) => said.push(String(chunk)))
    const killing = scene.killAfter.shift()
    const timer =
      killing === undefined ? null : setTimeout(async () => (await scene.kill()) && killing.did(), killing.ms)
    let hung = false
    const late = setTimeout(() => {
      hung = true
      child.kill('SIGKILL')
    }, PATIENCE_MS)
    const [code, signal] = await once(child, 'close')
    clearTimeout(timer)
    clearTimeout(late)
    said.push(`[${parameters[0]}: ${signal ?? code}]\n`)
    makeRoom(scene)
    await unprotectUnfinished(scene, said.slice(before).join(''))
    await deleteUnending(scene, said.slice(before).join(''))
    await settled(scene)
    return hung ? 'hung' : (signal ?? code)
  }

  const wrong = []
  const journal = () => {
    let files = []
    try {
      files = readdirSync(journals).filter((file) => file.endsWith('.ndjson'))
    } catch {
      // No run was started.
    }
    if (files.length > 1) wrong.push(`${files.length} journals of one plan`)
    return files.length === 0 ? [] : readEntries(join(journals, files[0]))
  }
  let processes = 0
  let resumes = 0
  let refetched = 0
  let ended = null
  try {
    for (;;) {
      const entries = journal()
      const wasSpooled = isSpooled(entries)
      const before = proxies.source.passed.down
      const uploadsBefore = proxies.target.uploads().begun
      const begun = entries.length > 0
      ended = await imago(
        begun ? ['resume'] : ['copy', `from:${image.id}`, 'to:', '--set-name', name, ...scene.firstOptions.splice(0)],
      )
      processes++
      if (begun) resumes++
      const uploads = proxies.target.uploads().begun - uploadsBefore
      if (uploads > MAX_UPLOADS * (troubles.some(({ kind }) => kind.startsWith('token')) ? 2 : 1))
        wrong.push(`one process began ${uploads} uploads`)
      const came = proxies.source.passed.down - before
      if (wasSpooled && came > SMALL_TALK) wrong.push(`${came} bytes came from the source after it was spooled`)
      if (ended === 'hung') {
        wrong.push('a process hung')
        break
      }
      if (ended === 0) break
      if (scene.sourceGone && ended === NOT_FOUND && !isSpooled(journal())) break
      if (resumes >= MAX_RESUMES || processes >= MAX_RESUMES + 5) {
        wrong.push(`not done after ${processes} processes`)
        break
      }
    }

    for (const id of proxies.target.uploads().deleted)
      wrong.push(`${String(id)} was deleted while all its data were being saved`)
    const last = journal().at(-1)
    const found = await ofThisRun()
    const refused = ended === NOT_FOUND && scene.sourceGone && !isSpooled(journal())
    if (refused) {
      if (!said.some((line) => line.includes(image.id))) wrong.push('refused, without a word of the image that is gone')
      if (found.length > 0) wrong.push(`refused, and left ${found.map(({ status }) => status).join(', ')}`)
    } else {
      if (last?.entry !== 'done') wrong.push(`the journal ends with ${last?.entry ?? 'nothing'}`)
      if (found.length !== 1)
        wrong.push(`${found.length} images: ${found.map(({ id, status }) => `${id} ${status}`).join(', ')}`)
      for (const one of found) {
        if (one.status !== 'active') wrong.push(`${one.id} is ${one.status}`)
        if (one.os_hash_algo !== 'sha512' || one.os_hash_value !== sha512)
          wrong.push(`${one.id} holds other bytes: ${one.os_hash_value}`)
        if (one.size !== size) wrong.push(`${one.id} has ${one.size} bytes, not ${size}`)
      }
      const left = filesIn(spool)
      if (left.length > 0)
        wrong.push(
          `left in the spool: ${left.map(({ parentPath, name: file }) => `${file} (${statSync(join(parentPath, file)).size})`).join(', ')}`,
        )
      refetched = Math.max(0, proxies.source.passed.down - size)
    }
    const result = wrong.length > 0 ? 'FAILED' : refused ? 'refused' : 'moved'
    return { seed, route, size, troubles, happened, processes, resumes, refetched, result, wrong, said: said.join('') }
  } finally {
    await scene.kill()
    await settled(scene)
    for (const proxy of Object.values(proxies)) proxy.close()
    if (scene.ownSpool) unmountSpool(spool)
    for (const one of await ofThisRun()) {
      await target.protect(one.id, false)
      await target.remove(one.id)
    }
    await source.protect(image.id, false)
    await source.remove(image.id)
  }
}
