const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Signals of the user or the system: `first` aborts with the first, `second` with another. A third ends the process. */
export interface StopSignals {
  readonly first: AbortSignal
  readonly second: AbortSignal
}

export const stopOnSignals = (process: Pick<NodeJS.Process, 'on' | 'off'>): StopSignals => {
  const first = new AbortController()
  const second = new AbortController()
  const stop = (): void => {
    if (!first.signal.aborted) return first.abort()
    for (const signal of SIGNALS) process.off(signal, stop)
    second.abort()
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  return { first: first.signal, second: second.signal }
}
