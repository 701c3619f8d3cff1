import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHetznerSimulator, type HetznerSimulator } from '../../src/index.ts'
import { hcloud } from './run.ts'

// Debian's OpenSSH client and hcloud, as a user runs them.

let simulator: HetznerSimulator
let home = ''
beforeAll(async () => {
  simulator = await createHetznerSimulator({ actionMs: 50, rescue: { bytesPerGb: 1_000_000 } })
  home = mkdtempSync(join(tmpdir(), 'imago-ssh-'))
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')])
})
afterAll(async () => {
  await simulator.close()
  rmSync(home, { recursive: true, force: true })
})

const cloud = async (...parameters: readonly string[]): Promise<string> => {
  const { status, out, error } = await hcloud(simulator, parameters)
  if (status !== 0) throw new Error(error)
  return out
}

const ssh = (
  ip: string,
  command: string,
  input: Uint8Array = Buffer.alloc(0),
): Promise<{ readonly status: number | null; readonly out: Buffer; readonly error: string }> =>
  new Promise((resolve, reject) => {
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=accept-new',
      `UserKnownHostsFile=${join(home, 'known_hosts')}`,
      'IdentitiesOnly=yes',
      'ConnectTimeout=10',
      'ConnectionAttempts=10',
      'LogLevel=ERROR',
    ]
    const child = spawn(
      'ssh',
      [
        ...options.flatMap((option) => ['-o', option]),
        '-F',
        'none',
        '-i',
        join(home, 'key'),
        '-p',
        String(simulator.sshPort),
        `root@${ip}`,
        command,
      ],
      { env: { PATH: '/usr/bin:/bin', HOME: home } },
    )
    const [out, error]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => error.push(chunk))
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (status) =>
      resolve({ status, out: Buffer.concat(out), error: Buffer.concat(error).toString() }),
    )
    child.stdin.end(input)
  })

const rescued = async (name: string, image: string): Promise<string> => {
  await cloud('server', 'create', '--name', name, '--type', 'cx23', '--image', image, '--start-after-create=false')
  await cloud('server', 'enable-rescue', name, '--ssh-key', 'run')
  await cloud('server', 'poweron', name)
  return (await cloud('server', 'ip', name)).trim()
}

describe('OpenSSH and hcloud', () => {
  it('write a disk, create an image, and read it back', async () => {
    await cloud('ssh-key', 'create', '--name', 'run', '--public-key-from-file', join(home, 'key.pub'))
    const bytes = Buffer.concat([randomBytes(5_000_000), Buffer.alloc(10_000_000), randomBytes(1_000_000)])
    const packed = spawnSync('zstd', ['-c'], { input: bytes, maxBuffer: 64 << 20 }).stdout
    const ip = await rescued('upload', 'ubuntu-24.04')
    expect(await ssh(ip, 'blkdiscard --force /dev/sda')).toMatchObject({ status: 0, error: '' })
    expect(
      await ssh(
        ip,
        "bash -c 'set -euo pipefail && zstd -cd | dd of=/dev/sda bs=4M conv=sparse status=none && sync'",
        packed,
      ),
    ).toMatchObject({ status: 0, error: '' })
    expect((await ssh(ip, `head -c ${bytes.length} /dev/sda | sha512sum`)).out.toString()).toBe(
      `${createHash('sha512').update(bytes).digest('hex')}  -\n`,
    )
    expect((await ssh(ip, 'shutdown now')).status).toBe(0)
    expect((await cloud('server', 'describe', 'upload', '-o', 'format={{.Status}}')).trim()).toBe('off')
    await cloud('server', 'create-image', '--type', 'snapshot', '--description', 'uploaded', 'upload')
    await cloud('server', 'delete', 'upload')
    const [image] = JSON.parse(
      await cloud('image', 'list', '-t', 'snapshot', '-s', 'created:desc', '-o', 'json'),
    ) as readonly { readonly id: number; readonly description: string }[]
    expect(image?.description).toBe('uploaded')

    const other = await rescued('download', String(image?.id))
    const { status, out } = await ssh(other, 'gzip -1 -c /dev/sda')
    const disk = spawnSync('gzip', ['-dc'], { input: out, maxBuffer: 128 << 20 }).stdout
    expect(status).toBe(0)
    expect(disk.length).toBe(40_000_000)
    expect(disk.subarray(0, bytes.length).equals(bytes)).toBe(true)
    await cloud('server', 'delete', 'download')
  })

  it('return the exit code, and refuse a changed host key', async () => {
    const ip = await rescued('keys', 'debian-12')
    expect((await ssh(ip, 'exit 9')).status).toBe(9)
    simulator.faults.add({ method: 'SSH', times: 1, fault: { kind: 'host-key' } })
    expect(await ssh(ip, 'true')).toMatchObject({
      status: 255,
      error: expect.stringContaining('HOST IDENTIFICATION HAS CHANGED'),
    })
    expect((await ssh(ip, 'true')).status).toBe(0)
    await cloud('server', 'delete', 'keys')
  })
})

const PROGRAM = `
import { createHetznerSimulator } from '@imago/simulator'
const simulator = await createHetznerSimulator({ rescue: { bytesPerGb: 100_000 } })
simulator.rescue.boot({ serverId: 1, gb: 40, seed: 1, publicKeys: [], onPower: () => undefined })
while (simulator.rescue.getHostKey(1) === null) await new Promise((resolve) => setTimeout(resolve, 20))
console.log(JSON.stringify({ uid: process.getuid(), reason: await simulator.rescue.unavailable(), directory: simulator.rescue.disks.toPath('server-1').replace(/server-1$/, '') }))
if (process.argv.includes('stay')) setInterval(() => undefined, 1000)
else await simulator.close()
`

/** Beside the tests, so that Node finds the package. */
const program = join(__dirname, `rescue-${process.pid}.mjs`)
beforeAll(() => writeFileSync(program, PROGRAM))
afterAll(() => rmSync(program, { force: true }))

const told = (
  command: string,
  ...parameters: readonly string[]
): { readonly uid: number; readonly reason: string | null; readonly directory: string } => {
  const { stdout, stderr } = spawnSync(command, [...parameters, process.execPath, program], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Runs in a user namespace that forbids nested namespaces of these kinds. */
const without = (...kinds: readonly string[]): readonly [string, ...(readonly string[])] => [
  'unshare',
  '--user',
  '--map-root-user',
  'sh',
  '-c',
  `${kinds.map((kind) => `echo 0 > /proc/sys/user/max_${kind}_namespaces && `).join('')}exec "$@"`,
  'sh',
]

describe('the sandbox', () => {
  it('needs root or user namespaces, and reports when it has neither', () => {
    expect(told('unshare', '--user', '--map-user=1000', '--map-group=1000')).toMatchObject({ uid: 1000, reason: null })
    expect(told(...without('user'))).toMatchObject({ uid: 0, reason: null })
    expect(told(...without('user', 'mnt'))).toMatchObject({
      uid: 0,
      reason: expect.stringContaining('needs user and mount namespaces, which this machine does not allow: unshare: '),
    })
  })

  it('ends with the simulator, even if that is killed', async () => {
    const child = spawn(process.execPath, [program, 'stay'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const { directory } = await new Promise<{ readonly directory: string }>((resolve) =>
      child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString()))),
    )
    const processes = (): number =>
      Number(
        spawnSync(
          'sh',
          [
            '-c',
            'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" | grep -c -- "$1"',
            'sh',
            `^${directory}.*/root$`,
          ],
          { encoding: 'utf8' },
        ).stdout,
      )
    expect(processes()).toBeGreaterThan(0)
    child.kill('SIGKILL')
    while (processes() > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(existsSync(directory)).toBe(true)
    rmSync(directory, { recursive: true, force: true })
  })
})
