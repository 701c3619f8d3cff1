import { describe, expect, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { ABORTED, linkSignals, raceAbort } from '../../src/source/abort.ts'

const never = new Promise<never>(() => undefined)

describe('linkSignals', () => {
  test('aborts with its parent, or alone', () => {
    const parent = new AbortController()
    const [first, second] = [linkSignals(parent.signal), linkSignals(parent.signal)]
    first.abort()
    expect([parent.signal.aborted, first.signal.aborted, second.signal.aborted]).toEqual([false, true, false])
    parent.abort()
    expect(second.signal.aborted).toBe(true)
    expect(linkSignals(parent.signal).signal.aborted).toBe(true)
  })

  test('released, it no longer listens', () => {
    const parent = new AbortController()
    const { signal, release } = linkSignals(parent.signal)
    release()
    parent.abort()
    expect([signal.aborted, getEventListeners(parent.signal, 'abort')]).toEqual([false, []])
  })
})

describe('raceAbort', () => {
  test('gives what comes first, and stops listening', async () => {
    const { signal } = new AbortController()
    expect(await raceAbort(Promise.resolve(1), signal)).toBe(1)
    await expect(raceAbort(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await raceAbort(never, AbortSignal.abort())).toBe(ABORTED)
  })
})
