import type { TransferStatus } from './transfer-status.ts'

/** How far the transfers are that were not cancelled. */
export interface Progress {
  readonly transfers: number
  readonly done: number
  /** Bytes of the transfers that are done; transfers of unknown size do not count. */
  readonly doneBytes: number
  /** Bytes of all transfers; `null`: the size of some is unknown. */
  readonly bytes: number | null
  /** Transfers completed a minute, lately; `null`: none was completed lately. */
  readonly perMinute: number | null
  /** Bytes a second of the same transfers; `null`: unknown. */
  readonly bytesPerSecond: number | null
  /** Seconds until the queued and running transfers are done, at this rate; `null`: unknown. */
  readonly secondsLeft: number | null
}

/** How far back the rate looks. */
const WINDOW_MS = 15 * 60_000

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** The sum of sizes; `null`: one is unknown. */
const sumBytes = (transfers: readonly Pick<TransferStatus, 'bytes'>[]): number | null =>
  transfers.some(({ bytes }) => bytes === null) ? null : sum(transfers.map(({ bytes }) => bytes ?? 0))

const toMs = (instant: string | null): number => (instant === null ? Number.NaN : Date.parse(instant))

/** Computes the progress at an instant. The rate is that of the last 15 minutes, or since the oldest of the transfers completed in them has started. */
export const computeProgress = (
  all: readonly Pick<TransferStatus, 'state' | 'bytes' | 'startedAt' | 'finishedAt'>[],
  at: string,
): Progress => {
  const transfers = all.filter(({ state }) => state !== 'cancelled')
  const done = transfers.filter(({ state }) => state === 'done')
  const left = transfers.filter(({ state }) => state === 'queued' || state === 'running')
  const now = Date.parse(at)
  const recent = done.filter(({ finishedAt }) => toMs(finishedAt) > now - WINDOW_MS)
  const since = Math.max(now - WINDOW_MS, Math.min(...recent.map(({ startedAt }) => toMs(startedAt))))
  const seconds = (now - since) / 1000
  const isMeasured = recent.length > 0 && seconds > 0
  const recentBytes = sumBytes(recent)
  const leftBytes = sumBytes(left)
  const perSecond = isMeasured ? recent.length / seconds : null
  const bytesPerSecond = isMeasured && recentBytes !== null && recentBytes > 0 ? recentBytes / seconds : null
  const byBytes = bytesPerSecond !== null && leftBytes !== null ? leftBytes / bytesPerSecond : null
  const byNumber = perSecond === null ? null : left.length / perSecond
  const secondsLeft = left.length === 0 ? 0 : (byBytes ?? byNumber)
  return {
    transfers: transfers.length,
    done: done.length,
    doneBytes: sum(done.map(({ bytes }) => bytes ?? 0)),
    bytes: sumBytes(transfers),
    perMinute: perSecond === null ? null : perSecond * 60,
    bytesPerSecond: bytesPerSecond === null ? null : Math.round(bytesPerSecond),
    secondsLeft: secondsLeft === null ? null : Math.round(secondsLeft),
  }
}
