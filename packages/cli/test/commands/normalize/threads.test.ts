import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readers } from 'imago'
import { readFileSync, writeFileSync } from 'node:fs'
import { createBlockReader, type Block, type BlockResult } from '../../../src/commands/normalize/read-block.ts'
import { normalize } from '../../../src/commands/normalize/run.ts'
import type { NormalizeOptions } from '../../../src/commands/normalize/options.ts'
import { createThreads, READY, type Thread, type ThreadLimits } from '../../../src/commands/normalize/threads.ts'
import { EXIT } from '../../../src/exit-code.ts'
import type { ImageFormat } from '../../../src/options/output.ts'
import { memoryOutput, type MemoryOutput } from '../../memory-output.ts'
import { glance, hetzner, HOSTILE } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const NO_THREADS: ThreadLimits = { threads: 0, smallestInput: 0, blockBytes: 0 }

/** The blocks that threads read, those of them at the same time, and those that the main thread read. */
interface Seen {
  blocks: number
  open: number
  maxOpen: number
  here: number
}

const seeNothing = (): Seen => ({ blocks: 0, open: 0, maxOpen: 0, here: 0 })

/** Waits for some turns of the event loop. */
const pass = async (turns: number): Promise<void> => {
  for (let passed = 0; passed < turns; passed++) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** Stands in for a worker: messages are copied and transferred as between threads. `delays`: in turns of the event loop, in order. */
const standIn = (options: NormalizeOptions, seen: Seen, delays: readonly number[] = [0]): Thread => {
  const read = createBlockReader(options, readers)
  let received: (message: typeof READY | BlockResult) => void = () => undefined
  let turn = Promise.resolve()
  let count = 0
  const pause = async (): Promise<void> => {
    await pass(delays[count++ % delays.length] ?? 0)
  }
  return {
    post: (sent) => {
      seen.blocks++
      seen.maxOpen = Math.max(seen.maxOpen, ++seen.open)
      const block: Block = structuredClone(sent, {
        transfer: [sent.buffer, ...(sent.output === null ? [] : [sent.output])],
      })
      turn = turn.then(async () => {
        await pause()
        const result = await read(block)
        const sentBack = structuredClone(result, {
          transfer: [result.buffer, result.read.output.buffer as ArrayBuffer],
        })
        seen.open--
        received(sentBack)
      })
    },
    listen: (listener) => {
      received = listener
      received(READY)
    },
    close: () => turn,
  }
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly drift: string
}

const run = async (
  files: readonly string[],
  options: Partial<NormalizeOptions>,
  limits: ThreadLimits,
  { seen = seeNothing(), delays = [0] as readonly number[] } = {},
): Promise<Ran> => {
  const report = folder.path('drift.json')
  const all: NormalizeOptions = { output: 'ndjson', drift: report, ...options }
  const output = bytesOutput()
  const messages = memoryOutput()
  const readHere = createBlockReader(all, readers)
  const threads = createThreads(
    async () => standIn(all, seen, delays),
    (block) => {
      seen.here++
      return readHere(block)
    },
    limits,
  )
  const code = await normalize(files, all, output, messages, readers, threads)
  return { code, stdout: output.text(), stderr: messages.text(), drift: readFileSync(report, 'utf8') }
}

/** `memoryOutput` keeps written bytes as Latin-1; these are text in UTF-8. */
const bytesOutput = (): MemoryOutput => {
  const output = memoryOutput()
  return { ...output, writeBytes: async (bytes) => output.write(Buffer.from(bytes).toString('utf8')) }
}

/** Lines that take several chunks, as files are read: the first chunk is always read by the main thread. */
const PADDING = Buffer.from(`${JSON.stringify(glance({ name: 'x'.repeat(2000) }))}\n`.repeat(330))

const FORMATS = ['ndjson', 'json', 'yaml', 'csv', 'value'] as const satisfies readonly ImageFormat[]

const line = fc.oneof(
  { weight: 5, arbitrary: fc.nat(1e6).map((n) => JSON.stringify(glance({ id: `g${n}`, name: `é ${n}` }))) },
  { weight: 5, arbitrary: fc.nat(1e6).map((n) => JSON.stringify(hetzner({ id: n + 1, os_flavor: `new-${n % 3}` }))) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      JSON.stringify(glance({ name: HOSTILE })),
      JSON.stringify(glance({ name: {}, other: 5 })),
      JSON.stringify(hetzner({ id: -1 })),
      JSON.stringify(glance({ direct_url: 'rbd://user:secret@host/pool' })),
      JSON.stringify({ images: [glance({ id: 'in-envelope' }), { what: 'else' }] }),
      `${JSON.stringify(glance())}${JSON.stringify(glance())}`,
      JSON.stringify(glance({ name: 'x'.repeat(5000) })),
      '{"id":12345678901234567890}',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '{"id":',
      '{"id":"}',
      '{"images":[',
      '{}',
      '[]',
      '',
      'x',
      '}',
      '\ufeff{"id":1}',
      '{"a":NaN}',
      '"\\ud800"',
      '{"id":"\\ud800"}',
    ),
  },
)
const inputs = fc
  .tuple(
    fc.constantFrom('', '\ufeff', '\n', 'x\n'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n')), { maxLength: 30 }),
    fc.boolean(),
  )
  .map(([start, parts, isTerminated]) => {
    const text = start + parts.map(([text, end]) => text + end).join('')
    return isTerminated ? text : text.trimEnd()
  })
/** The bytes 0xff are no UTF-8. */
const damages = fc.option(fc.nat(20_000), { freq: 3 })

describe('imago normalize with threads', () => {
  it('prints, reports and returns the same as without them', async () => {
    const seen = seeNothing()
    await fc.assert(
      fc.asyncProperty(
        inputs,
        damages,
        fc.constantFrom(...FORMATS),
        fc.record({ evidence: fc.boolean(), strict: fc.boolean(), provider: fc.constantFrom(undefined, 'openstack') }),
        fc.record({ threads: fc.integer({ min: 1, max: 3 }), blockBytes: fc.constantFrom(1, 700, 5000) }),
        fc.array(fc.constantFrom(0, 1, 4, 50), { minLength: 1, maxLength: 5 }),
        async (text, damage, output, { evidence, strict, provider }, limits, delays) => {
          const bytes = Buffer.from(text)
          if (damage !== null && damage < bytes.length) bytes[damage] = 0xff
          writeFileSync(folder.path('a.ndjson'), Buffer.concat([PADDING, bytes]))
          writeFileSync(folder.path('b.ndjson'), Buffer.concat([bytes, PADDING, bytes]))
          const files = [folder.path('a.ndjson'), folder.path('b.ndjson')]
          const options: Partial<NormalizeOptions> = {
            output,
            strict,
            ...(provider === undefined ? {} : { provider }),
            ...(evidence && !['csv', 'value'].includes(output) ? { evidence } : {}),
          }
          const expected = await run(files, options, NO_THREADS)
          const found = await run(files, options, { ...limits, smallestInput: 0 }, { seen, delays })
          expect(found).toEqual(expected)
        },
      ),
      { numRuns: 50 },
    )
    expect(seen.blocks).toBeGreaterThan(50)
    expect(seen.here).toBeGreaterThan(50)
  })

  const many = folder.file(
    'many.ndjson',
    Array.from({ length: 4000 }, (_, n) => `${JSON.stringify(glance({ id: `g${n}` }))}\n`).join(''),
  )
  const limits = { threads: 2, smallestInput: 0, blockBytes: 4096 }

  it('has at most two blocks for each thread at a time', async () => {
    const seen = seeNothing()
    await run([many], {}, limits, { seen, delays: [3, 0, 7] })
    expect(seen.blocks).toBeGreaterThan(10)
    expect(seen.maxOpen).toBeLessThanOrEqual(4)
  })

  it.each([
    ['tables, whose columns depend on all images', { output: 'table' }],
    ['sorted output', { sort: 'name' }],
  ] as const)('does not use them for %s', async (_, options) => {
    const seen = seeNothing()
    expect((await run([many], options, limits, { seen })).code).toBe(EXIT.done)
    expect(seen.blocks).toBe(0)
  })

  it('does not start them for a small input', async () => {
    const seen = seeNothing()
    await run([many], {}, { ...limits, smallestInput: 100e6 }, { seen })
    expect(seen.blocks).toBe(0)
  })

  it('reads other blocks on the main thread meanwhile, but does not get far ahead', async () => {
    const seen = seeNothing()
    const never: Thread = {
      post: () => void seen.blocks++,
      listen: (received) => received(READY),
      close: () => Promise.resolve(),
    }
    const options: NormalizeOptions = { output: 'ndjson' }
    const read = createBlockReader(options, readers)
    const threads = createThreads(
      async () => never,
      (block) => {
        seen.here++
        return read(block)
      },
      { ...limits, threads: 1 },
    )
    void normalize([many], options, bytesOutput(), memoryOutput(), readers, threads)
    while (seen.here < 4) await pass(1)
    await pass(5000)
    expect(seen).toEqual({ ...seeNothing(), blocks: 2, here: 4 })
  })

  const normalizeWith = (start: () => Promise<Thread>): Promise<number> => {
    const options: NormalizeOptions = { output: 'ndjson' }
    const threads = createThreads(start, createBlockReader(options, readers), limits)
    return normalize([many], options, bytesOutput(), memoryOutput(), readers, threads)
  }

  it('fails when a thread fails', async () => {
    const failing = async (): Promise<Thread> => {
      let fail: ((error: Error) => void) | null = null
      return {
        post: () => fail?.(new Error('out of memory')),
        listen: (received, failed) => {
          received(READY)
          fail = failed
        },
        close: () => Promise.resolve(),
      }
    }
    await expect(normalizeWith(failing)).rejects.toThrow('out of memory')
  })

  it('reads without them when none can be started', async () => {
    const refused = (): Promise<Thread> => Promise.reject(new Error('EAGAIN'))
    expect(await normalizeWith(refused)).toBe(EXIT.done)
  })
})
