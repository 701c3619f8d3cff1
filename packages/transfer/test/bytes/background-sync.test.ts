import type { FileHandle } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { createBackgroundSync } from '../../src/bytes/background-sync.ts'

/** A file whose syncs end when they are told to. */
const createFile = () => {
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  const datasync = (): Promise<void> => new Promise((resolve, reject) => void ends.push({ resolve, reject }))
  return { handle: { datasync } as unknown as FileHandle, ends }
}

describe('createBackgroundSync', () => {
  it('reports the bytes of a sync when it has ended', async () => {
    const { handle, ends } = createFile()
    const synced: number[] = []
    const background = createBackgroundSync(handle, async (bytes) => void synced.push(bytes))
    background.start(10)
    expect(background.isRunning()).toBe(true)
    expect(synced).toEqual([])
    ends[0]?.resolve()
    await background.finish()
    expect(synced).toEqual([10])
    expect(background.isRunning()).toBe(false)
  })

  it('throws the error of a sync when it is finished, not before', async () => {
    const { handle, ends } = createFile()
    const background = createBackgroundSync(handle, async () => undefined)
    background.start(10)
    ends[0]?.reject(new Error('EIO'))
    await background.settle()
    await expect(background.finish()).rejects.toThrow('EIO')
  })
})
