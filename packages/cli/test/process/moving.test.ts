import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { createHetznerSimulator, createOpenstackSimulator, type HetznerSimulator, type OpenstackSimulator } from '@imago/simulator'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentOf, writeConfig } from '../../src/simulated-config.ts'
import { faultsOf } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago as run, type Ran } from './imago.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const folder = temporaryFolder()
const home = folder.path('home')
/** No format at all: a disk. */
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(3 * 2 ** 20)])
const BYTES_PER_GB = 2 ** 20

let hetzner: HetznerSimulator
let openstack: OpenstackSimulator
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  assertBuilt()
  hetzner = await createHetznerSimulator({ actionMs: 10, rescue: { bytesPerGb: BYTES_PER_GB } })
  openstack = await createOpenstackSimulator()
  const foreign = Object.keys(process.env).filter((name) => /^(?:OS_|HCLOUD_|IMAGO_|XDG_|.*_proxy$)/i.test(name))
  env = { HOME: home, ...Object.fromEntries(foreign.map((name) => [name, ''])), ...environmentOf(hetzner, await writeConfig(home, hetzner, openstack)) }
})
afterAll(async () => {
  await hetzner.close()
  await openstack.close()
})

/** Runs imago with the simulated clouds. Whatever it prints, no secret is in it. */
const imago = async (args: readonly string[], input = ''): Promise<Ran> => {
  const ran = await run(args, { env, input })
  expect(ran.stdout + ran.stderr).not.toMatch(new RegExp([hetzner.token, 'demo-password', 'gAAAA', 'PRIVATE KEY'].join('|')))
  return ran
}

interface Made {
  readonly runs: readonly { readonly run: string; readonly outcome: { readonly made: { readonly ref: { readonly id: string } }; readonly verified: string } }[]
}

/** The place of the one image that was made, which must be verified by its digest. */
const madeBy = ({ code, stdout, stderr }: Ran): string => {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(faultsOf('moves', stdout)).toEqual([])
  const [only, ...others] = (JSON.parse(stdout) as Made).runs
  expect([others, only?.outcome.verified]).toEqual([[], 'digest-match'])
  return only?.outcome.made.ref.id ?? ''
}

test('a file goes up, comes down the same, and goes on to another project', async () => {
  const file = folder.file('disk.raw', DISK)
  const id = madeBy(await imago(['upload', file, 'demo:mine', '--source-format', 'raw', '--arch', 'x86_64', '--label', 'role=web', '--tag', 'lts', '-o', 'json']))
  const down = folder.path('down.raw')
  expect((await imago(['download', `demo:id:${id}`, '-O', down, '-o', 'json'])).code).toBe(0)
  expect(Buffer.compare(readFileSync(down), DISK)).toBe(0)

  const there = madeBy(await imago(['copy', `demo:id:${id}`, 'other:', '--yes', '-o', 'json']))
  const { stdout } = await imago(['show', `other:id:${there}`, '-o', 'json'])
  expect(JSON.parse(stdout)).toMatchObject({ images: [{ name: 'mine', architecture: 'x86_64', properties: { imago_label_role: 'web' }, tags: ['lts'], format: { disk: 'raw' }, size: { stored: DISK.length } }] })

  expect(await imago(['download', `demo:id:${id}`, '-O', down, '--progress', 'none'])).toMatchObject({ code: 0, stderr: '' })
  const foreign = folder.file('foreign.raw', 'mine')
  const over = await imago(['download', `demo:id:${id}`, '-O', foreign])
  expect([over.code, readFileSync(foreign, 'utf8')]).toEqual([1, 'mine'])
})

test('to Hetzner by a server in its rescue system, and back the same', async () => {
  const file = folder.file('system.raw', DISK)
  const id = madeBy(await imago(['upload', file, 'demo:system', '--source-format', 'raw', '--arch', 'x86_64', '-o', 'json']))
  const plan = await imago(['plan', `demo:id:${id}`, 'production:', '-o', 'json'])
  expect([plan.code, faultsOf('plan', plan.stdout)]).toEqual([0, []])
  const applied = await run(['apply', '-', '-o', 'json', '--progress', 'none'], { env, input: plan.stdout })
  const snapshot = madeBy(applied)
  const back = folder.path('back.raw')
  const down = await imago(['download', `production:id:${snapshot}`, '-O', back, '--accept', 'size-match'])
  expect([down.code, down.stderr.includes('imago: ')]).toEqual([0, false])
  expect(Buffer.compare(readFileSync(back).subarray(0, DISK.length), DISK)).toBe(0)
  const left = await imago(['cleanup', 'production', '-o', 'json', '--yes'])
  expect(JSON.parse(left.stdout)).toMatchObject({ leftovers: [] })
})

test('a run that was killed goes on', async () => {
  const file = folder.file('killed.raw', Buffer.concat([DISK, DISK]))
  const id = madeBy(await imago(['upload', file, 'demo:killed', '--source-format', 'raw', '-o', 'json']))
  openstack.faults.add({ path: `/image/v2/images/${id}/file`, fault: { kind: 'stall', atByte: 2 ** 20 } })
  const journals = join(home, '.local/state/imago/runs')
  const before = existsSync(journals) ? readdirSync(journals).length : 0
  const asked = (): number => openstack.requests.all().filter(({ method, url }) => method === 'GET' && url.includes(`${id}/file`)).length
  const child = spawn(process.execPath, [BIN, 'copy', `demo:id:${id}`, 'other:', '--yes'], { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('close', resolve))
  while (asked() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGKILL')
  await ended
  openstack.faults.clear()
  expect(readdirSync(journals).length).toBeGreaterThan(before)

  const listed = await imago(['resume', '--list', '-o', 'json'])
  expect(faultsOf('runs', listed.stdout)).toEqual([])
  const listedRuns = JSON.parse(listed.stdout) as { readonly runs: readonly { readonly run: string; readonly state: string }[] }
  const stopped = listedRuns.runs.filter(({ state }) => state === 'stopped')
  expect(stopped).toHaveLength(1)
  const there = madeBy(await imago(['resume', stopped[0]?.run.slice(0, 13) ?? '', '-o', 'json']))
  const copy = folder.path('resumed.raw')
  expect((await imago(['download', `other:id:${there}`, '-O', copy])).code).toBe(0)
  expect(Buffer.compare(readFileSync(copy), Buffer.concat([DISK, DISK]))).toBe(0)
  const after = JSON.parse((await imago(['resume', '--list', '-o', 'json'])).stdout) as typeof listedRuns
  expect(after.runs.find(({ run }) => run === stopped[0]?.run)?.state).toBe('done')
})

test('without --yes nothing is moved, and mistakes are told', async () => {
  const path = folder.path('no-image.raw')
  writeFileSync(path, DISK)
  const shown = await imago(['copy', path, 'demo:shown', '--source-format', 'raw'])
  expect([shown.code, shown.stderr]).toEqual([0, 'imago: nothing was moved. Say --yes to do it\n'])
  expect((await imago(['find', 'demo:shown'])).code).toBe(3)
  expect(await imago(['copy', 'demo:x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('name what to move, and where to') })
  expect((await imago(['upload', path, 'demo:shown', '--jobs', 'x'])).code).toBe(2)
})
