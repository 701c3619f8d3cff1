import type { FileHandle } from 'node:fs/promises'

/** Syncs a file to disk while more is written to it. */
export interface BackgroundSync {
  readonly isRunning: () => boolean
  /** Starts to sync the first `bytes`. Not while another sync is running. */
  readonly start: (bytes: number) => void
  /** Waits for the sync that is running, and throws the error of any. */
  readonly finish: () => Promise<void>
  /** Waits for the sync that is running. */
  readonly settle: () => Promise<void>
}

/** @param synced called with the number of bytes of each sync. */
export const createBackgroundSync = (handle: FileHandle, synced: (bytes: number) => Promise<void>): BackgroundSync => {
  let running: Promise<void> | null = null
  let failure: { readonly thrown: unknown } | null = null
  const sync = async (bytes: number): Promise<void> => {
    try {
      await handle.datasync()
      await synced(bytes)
    } catch (thrown) {
      failure ??= { thrown }
    }
    running = null
  }
  return {
    isRunning: () => running !== null,
    start: (bytes) => void (running = sync(bytes)),
    finish: async () => {
      await running
      if (failure !== null) throw failure.thrown
    },
    settle: async () => void (await running),
  }
}
