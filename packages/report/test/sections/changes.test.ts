import { describe, expect, it } from '@jest/globals'
import { observeCloud, snapshot } from '../observed.ts'
import { read } from './reading.ts'

describe('the section of changes', () => {
  it('truncates long values of changes', () => {
    const earlier = { at: null, isComplete: true, images: [snapshot('1', { description: 'x'.repeat(100_000) })] }
    const text = read([observeCloud([snapshot('1')])], '[aria-labelledby="changes"]', { earlier })
    expect(text?.length).toBeLessThan(1000)
  })
})
