import { expect, test } from '@jest/globals'
import { systemTiming } from '@imago/http'
import { EventEmitter } from 'node:events'
import { runLive, type LiveProcess } from '../../src/connect/run-live.ts'
import { EXIT } from '../../src/exit-code.ts'

const output = () => {
  const lines: string[] = []
  return { lines, output: { isTerminal: false, width: null, write: (text: string) => void lines.push(text), writeBytes: async () => undefined, flush: async () => undefined, end: async () => undefined } }
}

const run = async (timeout: string, work: (signal: AbortSignal) => Promise<number>) => {
  const talk = output()
  const process = Object.assign(new EventEmitter(), { env: {}, cwd: () => '/', platform: 'linux' }) as unknown as LiveProcess
  const sleeps: number[] = []
  const timing = { ...systemTiming, sleep: async (ms: number) => void sleeps.push(ms) }
  const code = await runLive(process, { version: '1', timeout, output: output().output, talk: talk.output, timing }, async ({ signal }) => (await work(signal as AbortSignal)) as 0)
  return { code, sleeps, told: talk.lines.join('') }
}

test('--timeout aborts the work, and is a temporary error', async () => {
  const { code, sleeps, told } = await run('90s', (signal) => new Promise((resolve) => (signal.aborted ? resolve(130) : signal.addEventListener('abort', () => resolve(130)))))
  expect({ code, sleeps }).toEqual({ code: EXIT.temporary, sleeps: [90_000] })
  expect(told).toBe('imago: gave up after 90s, as --timeout says. Try again later, or allow more time.\n')
})

test('a time that is none is refused before anything is asked', async () => {
  await expect(run('soon', async () => 0)).rejects.toMatchObject({ message: '--timeout soon: write a time as 90s, 10m or 2h' })
})
