import type { MoveEvent } from '@imago/transfer'
import { maskSecrets } from '../output/mask.ts'
import { humanSize } from '../output/size.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'

export const PROGRESS_KINDS = ['auto', 'bar', 'lines', 'json', 'none'] as const
export type ProgressKind = (typeof PROGRESS_KINDS)[number]

/** Tells how runs go on. */
export interface MoveProgress {
  readonly event: (event: MoveEvent) => void
  readonly end: () => void
}

/** For how long a rate is looked at, in milliseconds. */
const WINDOW_MS = 5_000
/** Between two lines of one step, in milliseconds. */
const LINE_MS = 10_000

interface Sample {
  readonly at: number
  readonly bytes: number
}

/** Bytes a second over the last few seconds. */
export const createMeter = (): ((at: number, bytes: number) => number | null) => {
  let samples: readonly Sample[] = []
  return (at, bytes) => {
    if ((samples.at(-1)?.bytes ?? 0) > bytes) samples = []
    const recent = samples.filter((sample) => at - sample.at <= WINDOW_MS)
    const [first] = recent
    samples = [...recent, { at, bytes }]
    return first === undefined || at === first.at ? null : ((bytes - first.bytes) * 1000) / (at - first.at)
  }
}

const timeText = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** `512 MiB of 2.0 GiB (25 %), 98.1 MiB/s, 16 s to go` */
export const amountText = (bytes: number, total: number | null, rate: number | null): string => {
  const part = total === null || total === 0 ? humanSize(bytes) : `${humanSize(bytes)} of ${humanSize(total)} (${Math.floor((100 * bytes) / total)} %)`
  if (rate === null || rate <= 0) return part
  const rest = total === null ? '' : `, ${timeText((total - bytes) / rate)} to go`
  return `${part}, ${humanSize(rate)}/s${rest}`
}

type LabelOf = (run: string) => string

const sentence = (event: MoveEvent): string | null => {
  switch (event.event) {
    case 'step':
      return event.from > 0 ? `${event.step}: ${event.what}; ${humanSize(event.from)} are here already` : `${event.step}: ${event.what}`
    case 'retry':
      return `${event.step}: ${event.why}; tried again in ${timeText(event.waitMs / 1000)} (attempt ${event.attempt})`
    case 'note':
      return event.what
    case 'failed':
    case 'done':
    case 'progress':
    case 'step-done':
      return null
  }
}

const writeLine = (talk: Output, text: string): void => {
  talk.write(`${visible(maskSecrets(text))}\n`)
  void talk.end()
}

const createLines = (talk: Output, labelOf: LabelOf): MoveProgress => {
  const meters = new Map<string, ReturnType<typeof createMeter>>()
  const last = new Map<string, number>()
  return {
    event: (event) => {
      const text = sentence(event)
      if (text !== null) writeLine(talk, `${labelOf(event.run)}: ${text}`)
      if (event.event === 'step') {
        meters.set(event.run, createMeter())
        last.set(event.run, Date.parse(event.at))
      }
      if (event.event !== 'progress') return
      const at = Date.parse(event.at)
      const rate = meters.get(event.run)?.(at, event.bytes) ?? null
      if (at - (last.get(event.run) ?? 0) < LINE_MS) return
      last.set(event.run, at)
      writeLine(talk, `${labelOf(event.run)}: ${event.step}: ${amountText(event.bytes, event.total, rate)}`)
    },
    end: () => undefined,
  }
}

const createJson = (talk: Output): MoveProgress => ({
  event: (event) => {
    talk.write(`${maskSecrets(JSON.stringify(event))}\n`)
    void talk.end()
  },
  end: () => undefined,
})

/** A bar a run, and one line above for what is told in words. */
const createBars = async (talk: Output, labelOf: LabelOf): Promise<MoveProgress> => {
  const { default: progress } = await import('cli-progress')
  const bars = new progress.MultiBar({ format: '{label}  {step}  {bar}  {amount}', hideCursor: true, clearOnComplete: true, stopOnComplete: false, emptyOnZero: true, stream: process.stderr })
  const running = new Map<string, { readonly bar: ReturnType<typeof bars.create>; readonly meter: ReturnType<typeof createMeter> }>()
  const close = (run: string): void => {
    const one = running.get(run)
    if (one !== undefined) bars.remove(one.bar)
    running.delete(run)
  }
  return {
    event: (event) => {
      const text = sentence(event)
      if (text !== null) bars.log(`${visible(maskSecrets(`${labelOf(event.run)}: ${text}`))}\n`)
      if (event.event === 'step') {
        close(event.run)
        const bar = bars.create(event.total ?? 0, event.from, { label: visible(labelOf(event.run)), step: event.step, amount: '' })
        running.set(event.run, { bar, meter: createMeter() })
      }
      if (event.event === 'progress') {
        const one = running.get(event.run)
        const rate = one?.meter(Date.parse(event.at), event.bytes) ?? null
        if (event.total !== null) one?.bar.setTotal(event.total)
        one?.bar.update(event.bytes, { step: event.step, amount: amountText(event.bytes, event.total, rate) })
      }
      if (event.event === 'done' || event.event === 'failed') close(event.run)
    },
    end: () => {
      bars.stop()
      void talk.end()
    },
  }
}

/** `auto`: bars on a terminal, else lines. `labelOf`: what a run is called. */
export const createMoveProgress = (kind: ProgressKind, talk: Output, labelOf: LabelOf): MoveProgress | Promise<MoveProgress> => {
  switch (kind) {
    case 'json':
      return createJson(talk)
    case 'none':
      return { event: () => undefined, end: () => undefined }
    case 'lines':
      return createLines(talk, labelOf)
    case 'bar':
      return createBars(talk, labelOf)
    case 'auto':
      return talk.isTerminal ? createBars(talk, labelOf) : createLines(talk, labelOf)
  }
}
