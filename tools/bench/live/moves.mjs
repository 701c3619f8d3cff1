// Transfers an image of IMAGO_BENCH_MIB (1024) into the lab's real Glance, out of it, and between two of its projects.
import { spawnSync } from 'node:child_process'
import { createReadStream, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { curlConfig } from './curl.mjs'
import { here, imago } from './glance.mjs'
import { computeDigest, writeImage } from './image-file.mjs'
import { toEnvironment, createToken, withLab } from './lab.mjs'
import { sizes } from '../sizes.mjs'
import { buildGophercloud, rateColumn, ratiosOfClient, rounds, table } from './run.mjs'

const MIB = sizes.transferMebibytes

/** Creates a shell command that fails if any part of it fails. Parameters follow as `$1`, `$2` … */
const shell = (line, parameters) => ['bash', '-c', `set -eo pipefail; ${line}`, 'bash', ...parameters]

const createGlance = (lab) => async (user, method, path, body) => {
  const headers = {
    'x-auth-token': await createToken(lab, user),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(new URL(path, lab.imageUrl), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`Glance answered ${response.status} to ${method} ${path}`)
  return response.status === 204 ? null : response.json()
}

export const moves = async ({ line, record }, folder, count) => {
  const inFolder = (name) => join(folder, name)
  const file = inFolder('image.raw')
  const copied = inFolder('copied.raw')
  const digest = writeImage(file, MIB)
  const sums = inFolder('sums')
  writeFileSync(sums, `${digest}  -\n`)

  await withLab(async (lab) => {
    const glance = createGlance(lab)
    const bytes = MIB * 2 ** 20
    // Each run has a new journal and spool, and unique names and plans, so that no run finds finished work.
    const env = { ...toEnvironment(lab), XDG_STATE_HOME: inFolder('state'), XDG_CACHE_HOME: inFolder('cache') }
    let number = 0
    const nextName = () => `bench-${++number}`

    const authorization = async (user) => `X-Auth-Token: ${await createToken(lab, user)}`
    const dataUrl = (id) => `${lab.imageUrl}/v2/images/${id}/file`
    const get = async (id, more) => curlConfig(inFolder('get'), [dataUrl(id)], await authorization('demo'), more)
    /** Uploads to a new record with PUT. The creation of the record is not measured. */
    const put = async (user, from) => {
      const { id } = await glance(user, 'POST', '/v2/images', {
        name: nextName(),
        disk_format: 'raw',
        container_format: 'bare',
      })
      return curlConfig(inFolder('put'), [dataUrl(id)], await authorization(user), [
        'header = "Content-Type: application/octet-stream"',
        'header = "Expect:"',
        `upload-file = "${from}"`,
      ])
    }

    /** Flushes pending writes, so that they do not slow down the next run. */
    const settle = () => spawnSync('sync')
    const tidy = () =>
      ['state', 'cache', 'copied.raw'].forEach((name) => rmSync(inFolder(name), { recursive: true, force: true }))
    const checkFile = async () => {
      if ((await computeDigest(copied)) !== digest) throw new Error('what was downloaded is not what was there')
      tidy()
    }
    /** Checks that this run's only image is complete, and deletes it. */
    const checkImage = (user) => async () => {
      const { images } = await glance(
        user,
        'GET',
        `/v2/images?owner=${lab.projects[lab.users[user].project]}&name=bench-${number}`,
      )
      const [image] = images
      if (images.length !== 1 || image.status !== 'active' || image.size !== bytes || image.os_hash_value !== digest)
        throw new Error(`bench-${number} is not in Glance, once and whole`)
      await glance(user, 'DELETE', `/v2/images/${image.id}`)
      tidy()
    }

    const client = (name, prepare, check = tidy) => ({
      name,
      env,
      prepare: async () => {
        const command = await prepare()
        settle()
        return { command }
      },
      check,
    })
    const gophercloud = await buildGophercloud(line)
    const peer = (name, prepare, check) =>
      gophercloud === null ? [] : [client(name, () => ['env', 'OS_CLOUD=demo', gophercloud, ...prepare()], check)]
    const ours = (...parameters) => [process.execPath, imago, ...parameters, '--progress', 'none']
    const bare = (...parameters) => [process.execPath, here('bare-bytes.mjs'), ...parameters]
    const create = (cloud, from) => [
      'openstack',
      '--os-cloud',
      cloud,
      'image',
      'create',
      '--disk-format',
      'raw',
      '--container-format',
      'bare',
      '--file',
      from,
      nextName(),
    ]
    const save = (id) => ['openstack', '--os-cloud', 'demo', 'image', 'save', '--file', copied, id]
    /** `budget`: the row that imago is measured for. */
    const show = async (title, budget, clients) => {
      line(`## ${title}: ${MIB.toLocaleString('en')} MiB`)
      line()
      const measured = await rounds(clients, { count, passes: 1, rows: null })
      record(budget, ratiosOfClient(measured, clients.find(({ name }) => name.startsWith('imago ')).name))
      line(table(measured, [rateColumn(bytes)]))
    }

    await show('Upload into a real Glance', 'upload', [
      client('curl PUT', () => put('demo', file), checkImage('demo')),
      client('Node alone, PUT', async () => bare((await put('demo', file)).at(-1)), checkImage('demo')),
      client(
        'imago upload',
        () => ours('upload', file, `openstack/demo:${nextName()}`, '--source-format', 'raw'),
        checkImage('demo'),
      ),
      ...peer('gophercloud', () => ['upload', file, nextName()], checkImage('demo')),
      client('openstack image create', () => create('demo', file), checkImage('demo')),
    ])

    const { id } = await glance('demo', 'POST', '/v2/images', {
      name: 'bench-source',
      disk_format: 'raw',
      container_format: 'bare',
    })
    const source = await fetch(dataUrl(id), {
      method: 'PUT',
      headers: { 'x-auth-token': await createToken(lab, 'demo'), 'content-type': 'application/octet-stream' },
      body: createReadStream(file),
      duplex: 'half',
    })
    if (source.status !== 204) throw new Error(`Glance answered ${source.status} to the image that is to be downloaded`)

    // Measured commands verify the checksum; a mismatch ends the benchmark.
    const SUM = 'sha512sum --check --status'
    await show('Download from a real Glance', 'download', [
      client(
        'curl \\| tee FILE \\| sha512sum',
        async () => shell(`"\${@:3}" | tee "$1" | ${SUM} "$2"`, [copied, sums, ...(await get(id))]),
        checkFile,
      ),
      client('curl \\| sha512sum', async () => shell(`"\${@:2}" | ${SUM} "$1"`, [sums, ...(await get(id))])),
      client('curl into a file', () => get(id, [`output = "${copied}"`]), checkFile),
      client('Node alone, FILE and SHA-512', async () => bare((await get(id)).at(-1), copied, digest), checkFile),
      client('imago download', () => ours('download', `openstack/demo:id:${id}`, '-O', copied), checkFile),
      ...peer('gophercloud, verified', () => ['download', id, copied], checkFile),
      client('openstack image save', () => save(id), checkFile),
    ])

    await show('Copy to another project of that Glance', 'copy', [
      client(
        'curl \\| tee FILE \\| sha512sum, curl PUT',
        async () =>
          shell(`curl --config "$1" | tee "$2" | ${SUM} "$3"; curl --config "$4"`, [
            (await get(id)).at(-1),
            copied,
            sums,
            (await put('other', copied)).at(-1),
          ]),
        checkImage('other'),
      ),
      client(
        'imago copy',
        () => ours('copy', `openstack/demo:id:${id}`, `openstack/other:${nextName()}`),
        checkImage('other'),
      ),
      client(
        'openstack image save, create',
        () => shell('"${@:2:$1}"; "${@:$1+2}"', [String(save(id).length), ...save(id), ...create('other', copied)]),
        checkImage('other'),
      ),
    ])
    await glance('demo', 'DELETE', `/v2/images/${id}`)
  })
}
