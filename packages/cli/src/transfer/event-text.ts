import type { TransferEvent } from '@imago/transfer'
import { formatSize } from '../output/size.ts'
import type { Output } from '../output/stream.ts'
import { timeText } from './amount.ts'
import type { Expected } from './totals.ts'

/** Prints the progress of runs. */
export interface TransferProgress {
  readonly event: (event: TransferEvent) => void
  readonly end: () => void
}

/** Returns the label of a run. */
export type FindLabel = (run: string) => string

/** The text of an event; `null`: it is shown by its bytes only. */
export const describeEvent = (event: TransferEvent): string | null => {
  switch (event.event) {
    case 'step':
      return event.from > 0
        ? `${event.step}: ${event.what}; ${formatSize(event.from)} already present`
        : `${event.step}: ${event.what}`
    case 'retry':
      return `${event.step}: ${event.reason}; retrying in ${timeText(event.waitMs / 1000)} (attempt ${event.attempt})`
    case 'note':
      return event.what
    case 'failed':
    case 'done':
    case 'progress':
    case 'step-done':
      return null
  }
}

/** The settings of a progress printer. */
export interface ProgressContext {
  readonly messages: Output
  readonly findLabel: FindLabel
  readonly expected: Expected
}
