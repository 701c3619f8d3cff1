import type { TransferEvent } from '@imago/transfer'
import { formatSize } from '../output/size.ts'
import type { Output } from '../output/stream.ts'
import { timeText } from './amount.ts'
import type { Expected } from './totals.ts'

/** Tells how runs go on. */
export interface TransferProgress {
  readonly event: (event: TransferEvent) => void
  readonly end: () => void
}

/** What a run is called. */
export type FindLabel = (run: string) => string

/** An event in words; `null`: it is told by bytes. */
export const describeEvent = (event: TransferEvent): string | null => {
  switch (event.event) {
    case 'step':
      return event.from > 0
        ? `${event.step}: ${event.what}; ${formatSize(event.from)} are here already`
        : `${event.step}: ${event.what}`
    case 'retry':
      return `${event.step}: ${event.reason}; tried again in ${timeText(event.waitMs / 1000)} (attempt ${event.attempt})`
    case 'note':
      return event.what
    case 'failed':
    case 'done':
    case 'progress':
    case 'step-done':
      return null
  }
}

/** To whom, and what is known before. */
export interface ProgressContext {
  readonly messages: Output
  readonly findLabel: FindLabel
  readonly expected: Expected
}
