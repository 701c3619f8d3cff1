import type { AbortSignalLike } from '@imago/core/provider'
import type { Timing } from '../src/timing.ts'

/** A clock that sleeping advances immediately. `random` is always 0.5. */
export const jumpingTime = (start = 1_800_000_000_000) => {
  let now = start
  const sleeps: number[] = []
  const timing: Timing = {
    clock: () => now,
    sleep: async (ms) => {
      sleeps.push(ms)
      now += ms
    },
    random: () => 0.5,
  }
  return { timing, sleeps, advance: (ms: number) => void (now += ms) }
}

/** A clock that only `advance` moves. */
export const manualTime = (start = 1_800_000_000_000) => {
  let now = start
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const timing: Timing = {
    clock: () => now,
    sleep: (ms, signal?: AbortSignalLike) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', wake)
      }),
    random: () => 0.5,
  }
  const advance = async (ms: number): Promise<void> => {
    const end = now + ms
    for (;;) {
      await turn()
      const next = sleepers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      now = Math.max(now, next.at)
      next.wake()
    }
    now = end
    await turn()
  }
  return { timing, advance, sleeping: () => sleepers.length }
}

/** Runs everything that is pending. */
export const turn = async (): Promise<void> => {
  for (let count = 0; count < 5; count++) await new Promise((resolve) => setImmediate(resolve))
}

export const never = new Promise<never>(() => undefined)

/** A promise with a function that resolves it. */
export const signpost = <A = void>() => {
  let reach!: (value: A) => void
  const reached = new Promise<A>((resolve) => (reach = resolve))
  return { reach, reached }
}
