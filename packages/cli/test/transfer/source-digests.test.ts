import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { listAll, type ImageSource } from '@imago/core'
import { systemTiming } from '@imago/http'
import { createMemorySource } from '@imago/testkit'
import type { Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { copy } from '../../src/commands/copy/run.ts'
import type { CopyOptions } from '../../src/commands/copy/options.ts'
import { plan } from '../../src/commands/plan/run.ts'
import { EXIT } from '../../src/exit-code.ts'
import { createUrls } from '../../src/transfer/urls.ts'
import { Problem } from '../../src/problem.ts'
import { memoryLive, openstackCloud, sourceAmong, type MemoryLive } from '../live.ts'
import { findSchemaFaults } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
const DISK = Uint8Array.from({ length: 100_352 }, (_, index) => (index * 7 + (index >> 8)) % 256)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const WRONG = sha256(Buffer.from('another'))

let served: Readonly<Record<string, string | Uint8Array>> = {}
let server: Server
let origin = ''
beforeAll(async () => {
  server = createServer((request, response) => {
    const body = served[(request.url ?? '').replace(/\?.*$/, '')]
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { etag: '"1"', 'content-length': Buffer.byteLength(body) }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

let states = 0
const stage = (): { readonly live: MemoryLive; readonly prod: ImageSource; readonly env: NodeJS.ProcessEnv } => {
  const state = folder.path(`state-${++states}`)
  const prod = createMemorySource({ cloud: { provider: 'openstack', cloud: 'prod', region: null } })
  return {
    live: memoryLive({ clouds: [openstackCloud('prod')], open: sourceAmong({ prod: () => prod }) }),
    prod,
    env: { XDG_STATE_HOME: `${state}/state`, XDG_CACHE_HOME: `${state}/cache` },
  }
}
const listImages = async (source: ImageSource) => {
  const listed = await listAll(source)()
  return E.isRight(listed) ? listed.right.items : []
}

/** Uses real connections and the system clock. */
const openUrls = (words: readonly string[]) =>
  createUrls({ signal: new AbortController().signal, timing: systemTiming }, words, {})

const copied = ({ live, env }: ReturnType<typeof stage>, words: readonly string[], options: Partial<CopyOptions>) =>
  copy(words, { output: 'json', progress: 'none', yes: true, ...options }, live, openUrls(words), env, null)
const planned = async (words: readonly string[], options: Partial<CopyOptions>): Promise<Plan> => {
  const { live } = stage()
  expect(await plan(words, { output: 'json', ...options }, live, openUrls(words))).toBe(0)
  expect(findSchemaFaults('plan', live.output.text())).toEqual([])
  return JSON.parse(live.output.text()) as Plan
}
const refused = async (words: readonly string[], options: Partial<CopyOptions>): Promise<string> => {
  const { live } = stage()
  const thrown = await plan(words, { output: 'json', ...options }, live, openUrls(words)).then(
    () => null,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Problem)) throw new TypeError('not refused')
  expect(thrown.exitCode).toBe(EXIT.usage)
  return thrown.message
}

describe('--digest', () => {
  it('checks the source, in a column separate from the verification of the target', async () => {
    const staged = stage()
    const file = folder.file('checked.raw', DISK)
    expect(
      await copied(staged, [file, 'prod:'], { digest: [`sha256:${sha256(DISK).toUpperCase()}`], output: 'table' }),
    ).toBe(0)
    expect(staged.live.output.lines()[0]).toMatch(/^CREATED +SIZE +SOURCE CHECKED +TARGET VERIFIED +DIGEST/)
    expect(staged.live.output.lines()[1]).toMatch(/ +sha256 given +digest-match +/)
    expect(await listImages(staged.prod)).toHaveLength(1)
  })

  it('is required to check a file, whatever the verification of the target', async () => {
    const staged = stage()
    expect(await copied(staged, [folder.file('plain.raw', DISK), 'prod:'], {})).toBe(0)
    expect(findSchemaFaults('transfers', staged.live.output.text())).toEqual([])
    expect(JSON.parse(staged.live.output.text())).toMatchObject({
      runs: [{ outcome: { source: { by: 'not-checked', digests: [] }, verified: 'digest-match' } }],
    })
  })

  it('ends with 6 and creates nothing if it does not match', async () => {
    const staged = stage()
    expect(await copied(staged, [folder.file('wrong.raw', DISK), 'prod:'], { digest: [`sha256:${WRONG}`] })).toBe(
      EXIT.refused,
    )
    expect(findSchemaFaults('transfers', staged.live.output.text())).toEqual([])
    expect(staged.live.messages.text()).toContain(`expected sha256:${WRONG}, got sha256:${sha256(DISK)}`)
    expect(await listImages(staged.prod)).toEqual([])
  })

  it('is refused if it is invalid, if two differ, and for several sources', async () => {
    const file = folder.file('usage.raw', DISK)
    const good = `sha256:${sha256(DISK)}`
    expect(await refused([file, 'prod:'], { digest: ['sha256:12'] })).toBe(
      '--digest: a sha256 digest has 64 hexadecimal digits, and this one has 2',
    )
    expect(await refused([file, 'prod:'], { digest: [good, `sha256:${WRONG}`] })).toContain(
      'the sha256 digests of the source differ',
    )
    expect(await refused([file, folder.file('second.raw', DISK), 'prod:'], { digest: [good] })).toContain(
      '--digest applies to a single image, and 2 are selected',
    )
  })
})

describe('--digest-file', () => {
  it('finds each source by its name, in a file or at a URL', async () => {
    served = { '/images/disk.raw': DISK, '/images/SHA256SUMS': `${WRONG} *other.raw\n${sha256(DISK)} *disk.raw\n` }
    const { source } = await planned([`${origin}/images/disk.raw`, 'prod:'], {
      digestFile: [`${origin}/images/SHA256SUMS?token=geheim`],
    })
    expect(source.expected).toEqual([
      {
        algorithm: 'sha256',
        value: sha256(DISK),
        from: `${origin}/images/SHA256SUMS?…`,
        name: 'disk.raw',
        signature: 'none',
      },
    ])
    const [one, two] = [folder.file('one.raw', DISK), folder.file('two.raw', DISK)]
    const sums = folder.file('SHA256SUMS', `${sha256(DISK)}  one.raw\n${sha256(DISK)}  two.raw\n`)
    const staged = stage()
    expect(await copied(staged, [one, two, 'prod:'], { digestFile: [sums] })).toBe(0)
    expect(JSON.parse(staged.live.output.text())).toMatchObject({
      runs: [
        { outcome: { source: { by: 'given-digest', digests: [{ from: sums }] } } },
        { outcome: { source: { by: 'given-digest' } } },
      ],
    })
  })

  it('is shown in the plan', async () => {
    const file = folder.file('signed.raw', DISK)
    const sums = folder.file(
      'CHECKSUM',
      `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (signed.raw) = ${sha256(DISK)}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n`,
    )
    const { live } = stage()
    expect(await plan([file, 'prod:'], { output: 'table', digestFile: [sums] }, live, openUrls([]))).toBe(0)
    expect(live.output.text()).toContain(
      `Source: to be checked against sha256:${sha256(DISK).slice(0, 16)}… from ${sums} (signature not verified). Target: will be verified by digest-match.`,
    )
    expect(live.output.text()).toContain('Note (source-digest): ')
  })

  it('reports errors in the file', async () => {
    const file = folder.file('named.raw', DISK)
    const other = folder.file('other.sums', `${WRONG}  a.raw\n${WRONG}  b.raw\n`)
    expect(await refused([file, 'prod:'], { digestFile: [other] })).toBe(
      `--digest-file ${other}: it has no digest of named.raw, only of a.raw, b.raw`,
    )
    expect(await refused([file, 'prod:'], { digestFile: [file] })).toContain(`--digest-file ${file}: it is not text`)
    served = { '/page': '<html>Not found</html>' }
    expect(await refused([file, 'prod:'], { digestFile: [`${origin}/page`] })).toBe(
      `--digest-file ${origin}/page: it is a web page`,
    )
    served = { '/large': 'a'.repeat(8 * 2 ** 20 + 1) }
    expect(await refused([file, 'prod:'], { digestFile: [`${origin}/large`] })).toContain(
      'is larger than 8388608 bytes',
    )
  })

  it('reports a missing file or URL', async () => {
    const { live } = stage()
    const file = folder.file('there.raw', DISK)
    served = {}
    await expect(
      plan([file, 'prod:'], { output: 'json', digestFile: [`${origin}/none`] }, live, openUrls([])),
    ).rejects.toMatchObject({ exitCode: EXIT.notFound })
    await expect(
      plan([file, 'prod:'], { output: 'json', digestFile: [folder.path('none')] }, live, openUrls([])),
    ).rejects.toBeInstanceOf(Problem)
    expect(readFileSync(file).equals(DISK)).toBe(true)
  })
})
