import type { TransferEvent } from '@imago/transfer'
import { maskSecrets } from '../output/mask.ts'
import { withMilliseconds } from '../output/milliseconds.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'
import { amountText, createMeter, imagesText } from './amount.ts'
import { createBars } from './bars.ts'
import { describeEvent, type FindLabel, type TransferProgress, type ProgressContext } from './event-text.ts'
import { createTotals, type Expected, type Totals } from './totals.ts'

export const PROGRESS_KINDS = ['auto', 'bar', 'lines', 'json', 'none'] as const
export type ProgressKind = (typeof PROGRESS_KINDS)[number]

/** Milliseconds between two lines of one step. */
const LINE_MS = 10_000
/** Milliseconds between two totals in JSON. */
const TOTAL_MS = 1_000

const writeLine = (messages: Output, text: string): void => {
  messages.write(`${visible(maskSecrets(text))}\n`)
  void messages.end()
}

/** Reports the totals of several runs periodically, and when one ends. */
const createTotalReporter = (
  expected: Expected,
  betweenMs: number,
  say: (totals: Totals, at: string, rate: number | null) => void,
): ((event: TransferEvent) => void) => {
  const add = createTotals(expected)
  const meter = createMeter()
  let last: number | null = null
  return (event) => {
    const totals = add(event)
    const at = Date.parse(event.at)
    const rate = meter(at, totals.moved)
    last ??= at
    const isOver = event.event === 'done' || event.event === 'failed'
    if (totals.images < 2 || (!isOver && at - last < betweenMs)) return
    last = at
    say(totals, event.at, rate)
  }
}

const createLines = ({ messages, findLabel, expected }: ProgressContext): TransferProgress => {
  const meters = new Map<string, ReturnType<typeof createMeter>>()
  const last = new Map<string, number>()
  const reportTotal = createTotalReporter(expected, LINE_MS, (totals, _, rate) =>
    writeLine(messages, `all: ${imagesText(totals)}, ${amountText(totals.bytes, totals.total, rate)}`),
  )
  // A single run is the one that the user has named.
  const prefix = (run: string): string => (expected.size === 1 ? '' : `${findLabel(run)}: `)
  const reportRun = (event: TransferEvent): void => {
    const text = describeEvent(event)
    if (text !== null) writeLine(messages, `${prefix(event.run)}${text}`)
    if (event.event === 'step') {
      meters.set(event.run, createMeter())
      last.set(event.run, Date.parse(event.at))
    }
    if (event.event !== 'progress') return
    const at = Date.parse(event.at)
    const rate = meters.get(event.run)?.(at, event.bytes) ?? null
    if (at - (last.get(event.run) ?? 0) < LINE_MS) return
    last.set(event.run, at)
    writeLine(messages, `${prefix(event.run)}${event.step}: ${amountText(event.bytes, event.total, rate)}`)
  }
  return {
    event: (event) => {
      reportRun(event)
      reportTotal(event)
    },
    end: () => undefined,
  }
}

/** Milliseconds between two progress events of one run in JSON. */
const EVENT_MS = 250

const createJson = ({ messages, expected }: ProgressContext): TransferProgress => {
  const last = new Map<string, number>()
  /** The last event of each run that came too soon. It is written later if no other follows. */
  const held = new Map<string, { event: TransferEvent; readonly timer: NodeJS.Timeout }>()
  const write = (value: TransferEvent | ({ readonly event: 'total'; readonly at: string } & Totals)): void => {
    messages.write(`${maskSecrets(JSON.stringify({ ...value, at: withMilliseconds(value.at) }))}\n`)
    void messages.end()
  }
  const drop = (run: string): void => {
    clearTimeout(held.get(run)?.timer)
    held.delete(run)
  }
  const release = (run: string): void => {
    const event = held.get(run)?.event
    drop(run)
    if (event === undefined) return
    last.set(run, Math.max(Date.parse(event.at), (last.get(run) ?? 0) + EVENT_MS))
    write(event)
  }
  const hold = (event: TransferEvent): void => {
    const before = held.get(event.run)
    if (before !== undefined) before.event = event
    else held.set(event.run, { event, timer: setTimeout(() => release(event.run), EVENT_MS).unref() })
  }
  /** Whether an event is written now. The last event of a step, with all bytes, always is. */
  const isDue = (event: TransferEvent): boolean => {
    if (event.event !== 'progress' || event.bytes === event.total) return true
    const at = Date.parse(event.at)
    if (at - (last.get(event.run) ?? -Infinity) < EVENT_MS) return false
    last.set(event.run, at)
    return true
  }
  const reportTotal = createTotalReporter(expected, TOTAL_MS, (totals, at) => write({ event: 'total', at, ...totals }))
  return {
    event: (event) => {
      if (isDue(event)) {
        drop(event.run)
        write(event)
      } else hold(event)
      reportTotal(event)
    },
    end: () => {
      for (const run of held.keys()) drop(run)
    },
  }
}

/** Creates a progress printer. `auto`: bars on a terminal, else lines. `expected`: the planned bytes; of several runs, the total is reported too. */
export const createTransferProgress = (
  kind: ProgressKind,
  messages: Output,
  findLabel: FindLabel,
  expected: Expected = new Map(),
): TransferProgress | Promise<TransferProgress> => {
  const told: ProgressContext = { messages, findLabel, expected }
  switch (kind) {
    case 'json':
      return createJson(told)
    case 'none':
      return { event: () => undefined, end: () => undefined }
    case 'lines':
      return createLines(told)
    case 'bar':
      return createBars(told)
    case 'auto':
      return messages.isTerminal ? createBars(told) : createLines(told)
  }
}
