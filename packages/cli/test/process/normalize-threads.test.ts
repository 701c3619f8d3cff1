import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { readers } from 'imago'
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { normalize } from '../../src/commands/normalize/run.ts'
import { createThreads } from '../../src/commands/normalize/threads.ts'
import { memoryOutput } from '../memory-output.ts'
import { glance, hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago } from './imago.ts'

beforeAll(assertBuilt)
jest.setTimeout(240_000)

const folder = temporaryFolder()
const withoutThreads = createThreads(
  () => Promise.reject(new Error('no threads')),
  () => Promise.reject(new Error('no blocks without threads')),
  { threads: 0, smallestInput: 0, blockBytes: 0 },
)

/** A dump large enough for threads, with records that are rejected, lines that are not JSON, and drift. */
const dump = (): string =>
  folder.file(
    'large.ndjson',
    Array.from({ length: 26_000 }, (_, n) => {
      if (n % 1000 === 700) return '{"id": "torn\n'
      if (n % 1000 === 900) return '\n'
      const record =
        n % 2 === 0 ? glance({ id: `g${n}` }) : hetzner({ id: n % 500 === 1 ? -1 : n, os_flavor: `new-${n % 7}` })
      return `${JSON.stringify(record)}\n`
    }).join(''),
  )

describe('imago normalize of large NDJSON', () => {
  it('prints, reports and returns the same as without threads', async () => {
    const file = dump()
    const output = memoryOutput()
    const messages = memoryOutput()
    const expected = folder.path('expected.json')
    const drift = folder.path('drift.json')
    const code = await normalize([file], { output: 'json', drift: expected }, output, messages, readers, withoutThreads)
    const ran = await imago(['normalize', '-o', 'json', '--drift', drift, file])
    expect(ran.code).toBe(code)
    expect(ran.stderr).toBe(messages.text())
    expect(ran.stdout === output.text()).toBe(true)
    expect(readFileSync(drift, 'utf8')).toBe(readFileSync(expected, 'utf8'))
  })

  it('loads the code of threads only for large inputs', async () => {
    const loads = async (file: string): Promise<boolean> => {
      const coverage = folder.path(`coverage-${Math.random()}`)
      mkdirSync(coverage)
      await imago(['normalize', '-o', 'value', file], { env: { NODE_V8_COVERAGE: coverage } })
      return readdirSync(coverage).some((name) => readFileSync(`${coverage}/${name}`, 'utf8').includes('start-worker'))
    }
    expect(await loads(folder.file('small.ndjson', `${JSON.stringify(glance())}\n`))).toBe(false)
    expect(await loads(dump())).toBe(availableParallelism() > 1)
  })

  const stopEarly = async (
    stop: (child: ReturnType<typeof spawn>) => void,
  ): Promise<readonly [number | null, string | null]> => {
    const child = spawn(process.execPath, [BIN, 'normalize', '-o', 'ndjson', dump()], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = new Promise<readonly [number | null, string | null]>((resolve) =>
      child.on('exit', (code, signal) => resolve([code, signal])),
    )
    await new Promise((resolve) => child.stdout.once('readable', resolve))
    stop(child)
    return ended
  }

  it('ends without an error when its output is closed', async () => {
    expect(await stopEarly((child) => child.stdout?.destroy())).toEqual([0, null])
  })

  it('ends when it is interrupted', async () => {
    expect(await stopEarly((child) => child.kill('SIGINT'))).toEqual([null, 'SIGINT'])
  })
})
