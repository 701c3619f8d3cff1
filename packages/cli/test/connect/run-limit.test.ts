import { describe, expect, it } from '@jest/globals'
import { aborted, createErrorSite, unavailable } from '@imago/core'
import { systemTiming } from '@imago/http'
import { EventEmitter } from 'node:events'
import { runLive, type LiveProcess, type RunLiveOptions } from '../../src/connect/run-live.ts'
import { EXIT } from '../../src/exit-code.ts'
import type { LiveContext } from '../../src/live.ts'
import { toProblem } from '../../src/live-problem.ts'
import { printError } from '../../src/message.ts'

const output = () => {
  const lines: string[] = []
  return {
    lines,
    output: {
      isTerminal: false,
      width: null,
      write: (text: string) => void lines.push(text),
      writeBytes: async () => undefined,
      flush: async () => undefined,
      end: async () => undefined,
    },
  }
}

const run = async (
  timeout: string,
  work: (signal: AbortSignal, live: LiveContext) => Promise<number>,
  more: Partial<RunLiveOptions> & { readonly interval?: string } = {},
) => {
  const messages = output()
  const process = Object.assign(new EventEmitter(), {
    env: {},
    cwd: () => '/',
    platform: 'linux',
  }) as unknown as LiveProcess
  const sleeps: number[] = []
  const timing = { ...systemTiming, sleep: async (ms: number) => void sleeps.push(ms) }
  const code = await runLive(
    process,
    { version: '1', timeout, output: output().output, messages: messages.output, timing, ...more },
    async (live) => (await work(live.signal as AbortSignal, live)) as 0,
  )
  return { code, sleeps, told: messages.lines.join('') }
}

describe('--timeout', () => {
  it('--timeout aborts the command with a temporary error', async () => {
    const { code, sleeps, told } = await run(
      '90s',
      (signal) =>
        new Promise((resolve) =>
          signal.aborted ? resolve(130) : signal.addEventListener('abort', () => resolve(130)),
        ),
    )
    expect({ code, sleeps }).toEqual({ code: EXIT.temporary, sleeps: [90_000] })
    expect(told).toBe('imago: timed out after 90s (--timeout). Retry later, or allow more time\n')
  })

  it('--timeout refuses an invalid time before the command starts', async () => {
    await expect(run('soon', async () => 0)).rejects.toMatchObject({
      message: '--timeout: invalid value "soon". Use a time such as 90s, 10m or 2h',
    })
  })

  it.each(['0s', '00m', '0h'])('--timeout refuses %s, which leaves no time', async (timeout) => {
    await expect(run(timeout, async () => 0)).rejects.toMatchObject({
      message: `--timeout: invalid value "${timeout}": no time. Use a time such as 90s, 10m or 2h`,
      exitCode: EXIT.usage,
    })
  })

  const ABORTED = aborted(createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'list'))
  const BROKEN = unavailable(createErrorSite({ provider: 'openstack', cloud: 'other' }, 'list'), {
    what: 'no connection',
  })

  it('--timeout prints one message instead of the aborted requests', async () => {
    const { code, told } = await run('90s', async (_, live) => {
      printError(live.messages, BROKEN)
      printError(live.messages, ABORTED)
      return 130
    })
    expect({ code, told }).toEqual({
      code: EXIT.temporary,
      told: 'imago: openstack/other: list: no connection. Retry later\nimago: timed out after 90s (--timeout). Retry later, or allow more time\n',
    })
    await expect(
      run('90s', async () => {
        throw toProblem(ABORTED)
      }),
    ).rejects.toMatchObject({
      message: 'timed out after 90s (--timeout). Retry later, or allow more time',
      exitCode: EXIT.temporary,
    })
  })

  it('--timeout does not limit commands that wait for their own operation, and leaves a second for the last check to commands that only wait', async () => {
    const waits = { interval: '2s' }
    expect((await run('90s', async () => 0, waits)).sleeps).toEqual([])
    expect((await run('90s', async () => 130, { ...waits, onlyWaits: true })).sleeps).toEqual([91_000])
  })
})
