import type { TransferEvent, StepName } from '@imago/transfer'

/** The progress of all runs together. */
export interface Totals {
  /** The number of images, of those that ended, and of those that failed. */
  readonly images: number
  readonly over: number
  readonly failed: number
  /** Bytes over the network that are transferred or were already present. */
  readonly bytes: number
  /** The final value of `bytes`; `null`: unknown for a run. */
  readonly total: number | null
  /** Bytes transferred in this process, for rates. */
  readonly moved: number
}

/** The planned bytes over the network, by run; `null`: unknown. */
export type Expected = ReadonlyMap<string, number | null>

interface Share {
  readonly bytes: number
  readonly total: number | null
}

const travels = (step: StepName): boolean => step === 'download' || step === 'upload'

const shareAfter = ({ bytes, total }: Share, base: number, event: TransferEvent): Share => {
  switch (event.event) {
    case 'step':
      return travels(event.step) ? { bytes: base + event.from, total } : { bytes, total }
    case 'progress':
      return travels(event.step) ? { bytes: base + event.bytes, total } : { bytes, total }
    case 'done':
      return { bytes: total ?? bytes, total: total ?? bytes }
    case 'failed':
      return { bytes, total: bytes }
    case 'retry':
    case 'step-done':
    case 'note':
      return { bytes, total }
  }
}

/** Adds up the runs, event by event. Uploaded bytes are counted after downloaded or already present ones. */
export const createTotals = (expected: Expected): ((event: TransferEvent) => Totals) => {
  const shares = new Map<string, Share>([...expected].map(([run, total]) => [run, { bytes: 0, total }]))
  const bases = new Map<string, number>()
  const ended = new Map<string, boolean>()
  let moved = 0
  return (event) => {
    const share = shares.get(event.run) ?? { bytes: 0, total: null }
    if (event.event === 'step' && event.step === 'upload')
      bases.set(
        event.run,
        share.total === null || event.total === null
          ? (bases.get(event.run) ?? share.bytes)
          : Math.max(0, share.total - event.total),
      )
    const next = shareAfter(share, bases.get(event.run) ?? 0, event)
    shares.set(event.run, next)
    if (event.event === 'progress') moved += Math.max(0, next.bytes - share.bytes)
    if (event.event === 'done' || event.event === 'failed') ended.set(event.run, event.event === 'failed')
    const all = [...shares.values()]
    return {
      images: shares.size,
      over: ended.size,
      failed: [...ended.values()].filter((isFailed) => isFailed).length,
      bytes: all.reduce((sum, one) => sum + one.bytes, 0),
      total: all.reduce(
        (sum, one) => (sum === null || one.total === null ? null : sum + one.total),
        0 as number | null,
      ),
      moved,
    }
  }
}
