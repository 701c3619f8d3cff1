/** What imago needs of an `AbortSignal`. Every `AbortSignal` is one; stated here, so that the types need neither the DOM's nor Node's. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly addEventListener: (type: 'abort', listener: () => void) => void
  readonly removeEventListener: (type: 'abort', listener: () => void) => void
}

/** For options of any call: `undefined` is the same as absent, so that it can be handed through. */
export interface Abortable {
  readonly signal?: AbortSignalLike | undefined
}

declare const AbortController: new () => { readonly signal: AbortSignalLike; readonly abort: () => void }

/** A signal of one's own, tied to another. */
export interface LinkedSignal {
  readonly signal: AbortSignalLike
  /** Aborts `signal`, and no longer listens to the parent. */
  readonly abort: () => void
  /** No longer listens to the parent. A signal that lives long would else gather a listener with each call. */
  readonly release: () => void
}

/** A signal that aborts with `parent`, or by `abort` alone. */
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

/** What `raceAbort` answers when the signal came first. */
export const ABORTED: unique symbol = Symbol('aborted')

/** The result of `work`, or `ABORTED` as soon as the signal aborts: whoever waits is let go, even if the work does not listen. */
export const raceAbort = <A>(work: Promise<A>, signal: AbortSignalLike | undefined): Promise<A | typeof ABORTED> => {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const letGo = (): void => resolve(ABORTED)
    if (signal.aborted) letGo()
    else signal.addEventListener('abort', letGo)
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', letGo))
  })
}
