import { formatSize } from '../output/size.ts'
import type { Totals } from './totals.ts'

/** The period over which a rate is measured, in milliseconds. */
const WINDOW_MS = 5_000

interface Sample {
  readonly at: number
  readonly bytes: number
}

/** Measures the rate over the last seconds, in bytes per second. */
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

/** `16 s`, `1 min 30 s`, `2 h 0 min` */
export const timeText = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** `512 MiB of 2.0 GiB (25 %), 98.1 MiB/s, 16 s to go` */
export const amountText = (bytes: number, total: number | null, rate: number | null): string => {
  const part =
    total === null || total === 0
      ? formatSize(bytes)
      : `${formatSize(bytes)} of ${formatSize(total)} (${Math.floor((100 * bytes) / total)} %)`
  if (rate === null || rate <= 0) return part
  const rest = total === null ? '' : `, ${timeText((total - bytes) / rate)} to go`
  return `${part}, ${formatSize(rate)}/s${rest}`
}

/** `3 of 20 images` */
export const imagesText = ({ over, images, failed }: Totals): string =>
  `${over} of ${images} images${failed === 0 ? '' : `, ${failed} failed`}`
