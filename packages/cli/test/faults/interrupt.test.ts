import { describe, expect, it, jest } from '@jest/globals'
import type { Timing } from '@imago/http'
import { spawn } from 'node:child_process'
import { assertBuilt, BIN } from '../process/imago.ts'
import { temporaryFolder } from '../temporary.ts'
import { getCloud, idsIn, LOGIN, PROVIDERS, simulatedClouds, type Ran } from './clouds.ts'
import { jumpingTime, type JumpingTime } from './time.ts'

jest.setTimeout(120_000)

/** Enough for a busy machine, and far less than the minute of a timeout or pause. */
const SOON_MS = 20_000

const { list, strike, hetzner, openstack, simulator } = simulatedClouds()
const folder = temporaryFolder()

/** A clock on which sleeping ends only by an abort, so that a command ends only if it handles the abort. */
const standingTime = (): JumpingTime => {
  const timing: Timing = {
    ...jumpingTime().timing,
    sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  }
  return { ...jumpingTime(), timing }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Lists images, and interrupts after this number of requests. `ms`: the time from then until the end, in milliseconds. */
const interrupted = async (
  cloud: string,
  requests: () => number,
  count: number,
): Promise<Ran & { readonly ms: number }> => {
  let interrupt = (): void => undefined
  const running = list([cloud], { time: standingTime(), interruptible: (one) => (interrupt = one) })
  await until(() => requests() >= count)
  // Let the pending responses arrive.
  await new Promise((resolve) => setTimeout(resolve, 150))
  const from = performance.now()
  interrupt()
  const ran = await running
  return { ...ran, ms: performance.now() - from }
}

describe.each(PROVIDERS)('%s: Ctrl-C', (provider) => {
  const requests = (): number => simulator(provider).requests.all().length
  const before = provider === 'openstack' ? 1 : 0
  const ends = (ran: Ran & { readonly ms: number }): void => {
    expect(ran.code).toBe(130)
    expect(ran.ms).toBeLessThan(SOON_MS)
  }

  it('while the first page stalls: ends', async () => {
    strike(provider, { kind: 'stall', atByte: 20 })
    ends(await interrupted(getCloud(provider), requests, before + 1))
  })

  it('between pages: prints the received images in complete lines', async () => {
    strike(provider, { kind: 'stall', atByte: 20 }, { after: 1 })
    const ran = await interrupted(getCloud(provider), requests, before + 2)
    ends(ran)
    expect(idsIn(ran.stdout)).toHaveLength(provider === 'hetzner' ? 50 : 100)
  })

  it('during the pause before a retry: ends', async () => {
    strike(provider, { kind: 'html', status: 502 })
    ends(await interrupted(getCloud(provider), requests, before + 1))
  })

  it('during a rate limit: ends', async () => {
    strike(provider, { kind: 'status', status: 429, headers: { 'retry-after': '50' } })
    ends(await interrupted(getCloud(provider), requests, before + 1))
  })
})

describe('interrupted commands', () => {
  it('Ctrl-C during the login: ends', async () => {
    openstack().faults.add({ ...LOGIN, fault: { kind: 'stall', atByte: 0 } })
    const ran = await interrupted('lab', () => openstack().requests.all().length, 1)
    expect(ran).toMatchObject({ code: 130, stdout: '' })
    expect(ran.ms).toBeLessThan(SOON_MS)
  })

  describe('Ctrl-C in a real process', () => {
    /** Starts a list of both clouds, and sends SIGINT when `isTime` returns true. */
    const interruptProcess = async (
      isTime: (stdout: string) => boolean,
    ): Promise<{ readonly code: number | null; readonly stdout: string; readonly ms: number }> => {
      assertBuilt()
      const env = {
        HCLOUD_CONFIG: folder.file(
          'cli.toml',
          `[preferences]\nendpoint = "${hetzner().url}"\n[[contexts]]\nname = "prod"\ntoken = "${hetzner().token}"\n`,
        ),
        OS_CLIENT_CONFIG_FILE: folder.file('clouds.yaml', openstack().cloudsYaml),
      }
      const child = spawn(process.execPath, [BIN, 'list', 'prod', 'simulator', '-o', 'ndjson'], {
        env: { ...process.env, NODE_OPTIONS: '', ...env },
      })
      let stdout = ''
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
      await until(() => isTime(stdout))
      const from = performance.now()
      child.kill('SIGINT')
      return { code: await ended, stdout, ms: performance.now() - from }
    }
    const bothAsked = (): boolean => hetzner().requests.all().length >= 2 && openstack().requests.all().length >= 3

    it('between two pages of two clouds: prints a page of each', async () => {
      for (const provider of PROVIDERS) strike(provider, { kind: 'stall', atByte: 20 }, { after: 1 })
      const { code, stdout, ms } = await interruptProcess((text) => text.includes('\n') && bothAsked())
      expect(code).toBe(130)
      expect(ms).toBeLessThan(SOON_MS)
      expect(idsIn(stdout)).toHaveLength(150)
    })

    it('during a rate limit of most of a minute: ends', async () => {
      for (const provider of PROVIDERS)
        strike(provider, { kind: 'status', status: 429, headers: { 'retry-after': '50' } }, { after: 1 })
      const { code, ms } = await interruptProcess((text) => text.includes('\n') && bothAsked())
      expect(code).toBe(130)
      expect(ms).toBeLessThan(SOON_MS)
    })
  })
})
