import { describe, expect, it } from '@jest/globals'
import { summarizeInventory } from '../../src/inventory/inventory-status.ts'

const at = new Date('2026-11-01T03:00:00.000Z')
const job = (cloud: string, state: string, output: unknown = null, finishedAt: Date | null = null) => ({
  cloud,
  state,
  output,
  finishedAt,
})

describe('summarizeInventory', () => {
  it('counts clouds by state, and the images of those that are done', () => {
    const later = new Date(at.getTime() + 1000)
    const status = summarizeInventory([
      job('a', 'completed', { images: 3, reason: null }, later),
      job('b', 'completed', { images: 4, reason: null }, at),
      job('c', 'created'),
      job('d', 'retry', { message: 'the database is away' }),
      job('e', 'active'),
    ])
    expect(status).toEqual({
      queued: 2,
      running: 1,
      done: 2,
      failed: 0,
      images: 7,
      finishedAt: later.toISOString(),
      failures: [],
    })
  })

  it('lists clouds that were not read completely, and those that were tried too often', () => {
    const { done, failed, images, failures } = summarizeInventory([
      job('a', 'completed', { images: 3, reason: 'forbidden' }, at),
      job('b', 'failed', { message: 'the store is away' }, at),
      job('c', 'failed', null, at),
    ])
    expect({ done, failed, images }).toEqual({ done: 0, failed: 3, images: 0 })
    expect(failures).toEqual([
      { cloud: 'a', reason: 'forbidden' },
      { cloud: 'b', reason: 'the store is away' },
      { cloud: 'c', reason: 'workers were lost' },
    ])
  })

  it('has no time before the first cloud is finished', () => {
    expect(summarizeInventory([]).finishedAt).toBeNull()
  })
})
