import { describe, expect, it } from '@jest/globals'
import { count } from '../../src/output/count.ts'

describe('counts in messages', () => {
  it('count returns the singular for one, else the plural', () => {
    expect([0, 1, 2].map((n) => count(n, 'image'))).toEqual(['0 images', '1 image', '2 images'])
  })
})
