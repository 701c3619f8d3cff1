import { describe, expect, test } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { ABORTED, linkedSignal, orAborted } from '../src/abort.ts'

const never = new Promise<never>(() => undefined)

describe('linkedSignal', () => {
  test('aborts with its parent, or alone', () => {
    const parent = new AbortController()
    const [first, second] = [linkedSignal(parent.signal), linkedSignal(parent.signal)]
    first.abort()
    expect([parent.signal.aborted, first.signal.aborted, second.signal.aborted]).toEqual([false, true, false])
    parent.abort()
    expect(second.signal.aborted).toBe(true)
    expect(linkedSignal(parent.signal).signal.aborted).toBe(true)
  })

  test('released, it no longer listens', () => {
    const parent = new AbortController()
    const { signal, release } = linkedSignal(parent.signal)
    release()
    parent.abort()
    expect([signal.aborted, getEventListeners(parent.signal, 'abort')]).toEqual([false, []])
  })
})

describe('orAborted', () => {
  test('gives what comes first, and stops listening', async () => {
    const { signal } = new AbortController()
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1)
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await orAborted(never, AbortSignal.abort())).toBe(ABORTED)
  })
})
