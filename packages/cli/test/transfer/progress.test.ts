import { afterEach, describe, expect, it, jest } from '@jest/globals'
import type { TransferEvent } from '@imago/transfer'
import { amountText, createMeter } from '../../src/transfer/amount.ts'
import { createTransferProgress, type ProgressKind } from '../../src/transfer/progress.ts'
import { memoryOutput } from '../memory-output.ts'

const MIB = 2 ** 20

describe('createTransferProgress', () => {
  it.each([
    [512 * MIB, 2048 * MIB, 98 * MIB, '512 MiB of 2.0 GiB (25 %), 98.0 MiB/s, 16 s to go'],
    [512 * MIB, null, 2 * MIB, '512 MiB, 2.0 MiB/s'],
    [0, 100, null, '0 B of 100 B (0 %)'],
    [0, 0, null, '0 B'],
    [0, 7200 * MIB, MIB, '0 B of 7.0 GiB (0 %), 1.0 MiB/s, 2 h 0 min to go'],
    [0, 90 * MIB, MIB, '0 B of 90.0 MiB (0 %), 1.0 MiB/s, 1 min 30 s to go'],
    [50, 100, 0, '50 B of 100 B (50 %)'],
  ])('amountText formats %p of %p at %p', (bytes, total, rate, text) =>
    expect(amountText(bytes, total, rate)).toBe(text),
  )

  describe('createMeter', () => {
    it('measures the last five seconds', () => {
      const meter = createMeter()
      expect(meter(0, 0)).toBeNull()
      expect(meter(1_000, 1_000)).toBe(1_000)
      expect(meter(5_000, 1_000)).toBe(200)
      expect(meter(6_000, 11_000)).toBe(2_000)
    })
    it('starts again when the bytes decrease, and returns null without elapsed time', () => {
      const meter = createMeter()
      meter(0, 500)
      expect(meter(0, 600)).toBeNull()
      expect(meter(1_000, 10)).toBeNull()
      expect(meter(2_000, 110)).toBe(100)
    })
  })

  const AT = (seconds: number): string => new Date(Date.parse('2026-11-22T12:00:00Z') + seconds * 1000).toISOString()
  const EVENTS: readonly TransferEvent[] = [
    { event: 'step', run: 'r', at: AT(0), step: 'download', what: 'from lab', from: MIB, total: 30 * MIB },
    { event: 'progress', run: 'r', at: AT(1), step: 'download', bytes: 2 * MIB, total: 30 * MIB },
    { event: 'progress', run: 'r', at: AT(11), step: 'download', bytes: 12 * MIB, total: 30 * MIB },
    { event: 'progress', run: 'r', at: AT(12), step: 'download', bytes: 13 * MIB, total: 30 * MIB },
    {
      event: 'retry',
      run: 'r',
      at: AT(13),
      step: 'download',
      attempt: 2,
      reason: 'the connection broke',
      waitMs: 1000,
    },
    { event: 'note', run: 'r', at: AT(14), what: 'https://u:hunter2@example.com/a?token=s3cret was slow \u001b[31m' },
    { event: 'step-done', run: 'r', at: AT(20), step: 'download', bytes: 30 * MIB },
    { event: 'failed', run: 'r', at: AT(21), reason: 'because', resumable: true },
  ]

  const told = async (kind: ProgressKind): Promise<readonly string[]> => {
    const messages = memoryOutput()
    const progress = await createTransferProgress(kind, messages, () => 'debian')
    for (const event of EVENTS) progress.event(event)
    progress.end()
    return messages.lines()
  }

  it.each(['lines', 'auto'] as const)(
    '%s: prints a line for each step and every ten seconds, without secrets and control characters',
    async (kind) => {
      const lines = await told(kind)
      expect(lines.slice(0, 3)).toEqual([
        'debian: download: from lab; 1.0 MiB already present',
        'debian: download: 12.0 MiB of 30.0 MiB (40 %)',
        'debian: download: the connection broke; retrying in 1 s (attempt 2)',
      ])
      expect(lines).toHaveLength(4)
      expect(lines[3]).not.toMatch(/hunter2|s3cret|\u001b/)
    },
  )

  it('json: prints one event per line', async () => {
    const events = (await told('json')).map((line) => JSON.parse(line) as TransferEvent)
    expect(events.map(({ event }) => event)).toEqual(EVENTS.map(({ event }) => event))
    expect(JSON.stringify(events)).not.toMatch(/hunter2|s3cret/)
  })

  it('none: prints nothing', async () => expect(await told('none')).toEqual([]))

  describe('progress of several images', () => {
    const at = AT
    const several: readonly TransferEvent[] = [
      { event: 'step', run: 'a', at: at(0), step: 'download', what: 'from lab', from: 0, total: 40 * MIB },
      { event: 'step', run: 'b', at: at(0), step: 'download', what: 'from lab', from: 0, total: 20 * MIB },
      { event: 'progress', run: 'a', at: at(9), step: 'download', bytes: 10 * MIB, total: 40 * MIB },
      { event: 'progress', run: 'b', at: at(11), step: 'download', bytes: 5 * MIB, total: 20 * MIB },
      { event: 'failed', run: 'b', at: at(12), reason: 'because', resumable: true },
    ]
    const collectProgress = async (
      kind: ProgressKind,
      expected: ReadonlyMap<string, number | null>,
    ): Promise<readonly string[]> => {
      const messages = memoryOutput()
      const progress = await createTransferProgress(kind, messages, (run) => run, expected)
      for (const event of several) if (expected.has(event.run)) progress.event(event)
      progress.end()
      return messages.lines()
    }
    const expected = new Map([
      ['a', 80 * MIB],
      ['b', 40 * MIB],
    ])

    it('prints totals every ten seconds, and when an image ends', async () =>
      expect((await collectProgress('lines', expected)).filter((line) => line.startsWith('all'))).toEqual([
        'all: 0 of 2 images, 15.0 MiB of 120 MiB (12 %), 2.5 MiB/s, 42 s to go',
        'all: 1 of 2 images, 1 failed, 15.0 MiB of 85.0 MiB (17 %), 1.7 MiB/s, 42 s to go',
      ]))

    it('prints totals as events in JSON', async () => {
      const totals = (await collectProgress('json', expected))
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        .filter(({ event }) => event === 'total')
      expect(totals.at(-1)).toEqual({
        event: 'total',
        at: AT(12),
        images: 2,
        over: 1,
        failed: 1,
        bytes: 15 * MIB,
        total: 85 * MIB,
        moved: 15 * MIB,
      })
    })

    it('prints no totals for a single image', async () =>
      expect(
        (await collectProgress('lines', new Map([['a', 80 * MIB]]))).filter((line) => line.startsWith('all')),
      ).toHaveLength(0))
  })

  it('json: prints at most four progress events per second and run, and the last one of each step', async () => {
    const events: TransferEvent[] = Array.from({ length: 40 }, (_, at) => ({
      event: 'progress',
      run: 'r',
      at: AT(at / 20),
      step: 'download',
      bytes: at + 1,
      total: 40,
    }))
    const output = memoryOutput()
    const progress = await createTransferProgress('json', output, () => 'x')
    for (const event of events) progress.event(event)
    const shown = output.lines().map((line) => JSON.parse(line) as { readonly at: string; readonly bytes: number })
    expect(shown.map(({ bytes }) => bytes)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 40])
    expect(shown.every(({ at }) => /:\d\d\.\d{3}Z$/.test(at))).toBe(true)
  })

  describe('json: progress soon after the last event', () => {
    const progressAt = (seconds: number, bytes: number): TransferEvent => ({
      event: 'progress',
      run: 'r',
      at: AT(seconds),
      step: 'download',
      bytes,
      total: 40,
    })
    const shownBy = (output: ReturnType<typeof memoryOutput>): readonly number[] =>
      output.lines().map((line) => (JSON.parse(line) as { readonly bytes: number }).bytes)
    afterEach(() => {
      jest.useRealTimers()
    })

    it('is printed when no other event follows', async () => {
      jest.useFakeTimers()
      const output = memoryOutput()
      const progress = await createTransferProgress('json', output, () => 'x')
      for (const event of [progressAt(0, 1), progressAt(0.05, 2), progressAt(0.1, 3)]) progress.event(event)
      expect(shownBy(output)).toEqual([1])
      jest.advanceTimersByTime(250)
      expect(shownBy(output)).toEqual([1, 3])
    })

    it('is not printed after a newer event, nor at the end', async () => {
      jest.useFakeTimers()
      const output = memoryOutput()
      const progress = await createTransferProgress('json', output, () => 'x')
      for (const event of [progressAt(0, 1), progressAt(0.05, 2), progressAt(0.3, 3), progressAt(0.35, 4)])
        progress.event(event)
      progress.end()
      jest.advanceTimersByTime(1000)
      expect(shownBy(output)).toEqual([1, 3])
    })
  })
})
