import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { ABORTED, linkSignals, raceAbort } from '../../src/source/abort.ts'

const never = new Promise<never>(() => undefined)

describe('linkSignals', () => {
  it('aborts with its parent or on its own', () => {
    const parent = new AbortController()
    const first = linkSignals(parent.signal)
    const second = linkSignals(parent.signal)
    first.abort()
    expect(parent.signal.aborted).toBe(false)
    expect(first.signal.aborted).toBe(true)
    expect(second.signal.aborted).toBe(false)
    parent.abort()
    expect(second.signal.aborted).toBe(true)
    expect(linkSignals(parent.signal).signal.aborted).toBe(true)
  })

  it('stops listening to the parent after release', () => {
    const parent = new AbortController()
    const { signal, release } = linkSignals(parent.signal)
    release()
    parent.abort()
    expect(signal.aborted).toBe(false)
    expect(getEventListeners(parent.signal, 'abort')).toEqual([])
  })
})

describe('raceAbort', () => {
  it('resolves to the first result and stops listening', async () => {
    const { signal } = new AbortController()
    expect(await raceAbort(Promise.resolve(1), signal)).toBe(1)
    await expect(raceAbort(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await raceAbort(never, AbortSignal.abort())).toBe(ABORTED)
  })
})
