import { expect, test } from '@jest/globals'
import { count } from '../../src/output/count.ts'

test('one is one, all else is many', () => {
  expect([0, 1, 2].map((n) => count(n, 'image'))).toEqual(['0 images', '1 image', '2 images'])
})
