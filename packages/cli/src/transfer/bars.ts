import { maskSecrets } from '../output/mask.ts'
import { visible } from '../output/visible.ts'
import { amountText, createMeter } from './amount.ts'
import { barLine, type BarLine } from './bar-line.ts'
import { describeEvent, type TransferProgress, type ProgressContext } from './event-text.ts'
import { createTotals } from './totals.ts'
import { wrapped } from '../output/wrapped.ts'

const CLEAR_BELOW = '\u001B[0J'

/** Shows a bar for each run, a total above them, and messages above that. */
export const createBars = async ({ messages, findLabel, expected }: ProgressContext): Promise<TransferProgress> => {
  const { default: progress } = await import('cli-progress')
  const width = (): number => (process.stderr.columns ?? 80) - 1
  const bars = new progress.MultiBar({
    format: (_, { progress: part }, payload: Omit<BarLine, 'part'>) => barLine({ ...payload, part }, width()),
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    emptyOnZero: true,
    // Messages may be longer than a line.
    linewrap: true,
    // A message moves the bars down, so unchanged bars must be drawn again.
    forceRedraw: true,
    stream: process.stderr,
  })
  let hasWords = false
  // A message overwrites the bars, which may be longer.
  bars.on('redraw-pre', () => {
    if (hasWords) process.stderr.write(CLEAR_BELOW)
    hasWords = false
  })
  const above = (text: string): void => {
    hasWords = true
    bars.log(
      `${text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => wrapped(line, width()))
        .join('\n')}\n`,
    )
  }
  // Other messages would be written into the bars.
  messages.divert?.(above)
  // A single run is named by its bar.
  const isAlone = expected.size === 1
  const add = createTotals(expected)
  const meterOfAll = createMeter()
  const all = expected.size < 2 ? null : bars.create(0, 0, { label: 'all', step: '', amount: '' })
  const running = new Map<
    string,
    { readonly bar: ReturnType<typeof bars.create>; readonly meter: ReturnType<typeof createMeter> }
  >()
  const close = (run: string): void => {
    const one = running.get(run)
    if (one !== undefined) bars.remove(one.bar)
    running.delete(run)
  }
  return {
    event: (event) => {
      const text = describeEvent(event)
      if (text !== null) above(visible(maskSecrets(isAlone ? text : `${findLabel(event.run)}: ${text}`)))
      if (event.event === 'step') {
        close(event.run)
        const bar = bars.create(event.total ?? 0, event.from, {
          label: visible(maskSecrets(findLabel(event.run))),
          step: event.step,
          amount: '',
        })
        running.set(event.run, { bar, meter: createMeter() })
      }
      if (event.event === 'progress') {
        const one = running.get(event.run)
        const rate = one?.meter(Date.parse(event.at), event.bytes) ?? null
        if (event.total !== null) one?.bar.setTotal(event.total)
        one?.bar.update(event.bytes, { step: event.step, amount: amountText(event.bytes, event.total, rate) })
      }
      if (event.event === 'done' || event.event === 'failed') close(event.run)
      if (all === null) return
      const totals = add(event)
      const rate = meterOfAll(Date.parse(event.at), totals.moved)
      all.setTotal(totals.total ?? 0)
      all.update(totals.bytes, {
        label: totals.failed === 0 ? 'all' : `all, ${totals.failed} failed`,
        step: `${totals.over} of ${totals.images}`,
        amount: amountText(totals.bytes, totals.total, rate),
      })
    },
    end: () => {
      messages.divert?.(null)
      // Draw pending messages.
      if (hasWords) bars.update()
      bars.stop()
      void messages.end()
    },
  }
}
