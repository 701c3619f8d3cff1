import type { TransferEvent } from './transfer-event.ts'

/** Events on their way from a run to a consumer that may be slower. */
export interface EventQueue {
  readonly push: (event: TransferEvent) => void
  /** Ends the events once those in the queue have been consumed. */
  readonly end: () => void
  /** Ends with the queue. Leaving the loop early discards later events. */
  readonly events: AsyncIterable<TransferEvent>
}

const isSameProgress = (one: TransferEvent | undefined, other: TransferEvent): boolean =>
  one?.event === 'progress' && other.event === 'progress' && one.run === other.run && one.step === other.step

/** Creates a queue. Of consecutive progress events of a step, it keeps only the latest, so that it stays short. */
export const createEventQueue = (): EventQueue => {
  const queue: TransferEvent[] = []
  let isEnded = false
  let wake: () => void = () => undefined
  const next = async (): Promise<IteratorResult<TransferEvent, undefined>> => {
    for (;;) {
      const event = queue.shift()
      if (event !== undefined) return { done: false, value: event }
      if (isEnded) return { done: true, value: undefined }
      await new Promise<void>((resolve) => void (wake = resolve))
    }
  }
  const end = (): void => {
    isEnded = true
    wake()
  }
  return {
    push: (event) => {
      if (isEnded) return
      if (isSameProgress(queue.at(-1), event)) queue.pop()
      queue.push(event)
      wake()
    },
    end,
    events: {
      [Symbol.asyncIterator]: () => ({
        next,
        return: async () => {
          queue.length = 0
          end()
          return { done: true, value: undefined }
        },
      }),
    },
  }
}
