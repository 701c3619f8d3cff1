/** The part of `AbortSignal` that imago uses. Declared here so that the types depend neither on the DOM's nor on Node's. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly addEventListener: (type: 'abort', listener: () => void) => void
  readonly removeEventListener: (type: 'abort', listener: () => void) => void
}

/** Options of every call. `undefined` is the same as absent, so that options can be passed through. */
export interface Abortable {
  readonly signal?: AbortSignalLike | undefined
}

declare const AbortController: new () => { readonly signal: AbortSignalLike; readonly abort: () => void }

/** A signal that follows a parent signal and can also be aborted on its own. */
export interface LinkedSignal {
  readonly signal: AbortSignalLike
  /** Aborts `signal`, and stops listening to the parent. */
  readonly abort: () => void
  /** Stops listening to the parent. Without it, a long-lived parent accumulates a listener per call. */
  readonly release: () => void
}

/** Creates a signal that aborts with `parent` or when `abort` is called. */
export const linkSignals = (parent: AbortSignalLike | undefined): LinkedSignal => {
  const controller = new AbortController()
  const release = (): void => parent?.removeEventListener('abort', abort)
  const abort = (): void => {
    release()
    controller.abort()
  }
  if (parent?.aborted === true) abort()
  else parent?.addEventListener('abort', abort)
  return { signal: controller.signal, abort, release }
}

/** The result of `raceAbort` if the signal aborts first. */
export const ABORTED: unique symbol = Symbol('aborted')

/** Resolves to the result of `work`, or to `ABORTED` as soon as the signal aborts, even if the work ignores the signal. */
export const raceAbort = <A>(work: Promise<A>, signal: AbortSignalLike | undefined): Promise<A | typeof ABORTED> => {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const letGo = (): void => resolve(ABORTED)
    if (signal.aborted) letGo()
    else signal.addEventListener('abort', letGo)
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', letGo))
  })
}
