import { expect, test } from '@jest/globals'
import { silenceLine } from '../../src/connect/silence.ts'

test('a silence reads well, and shows no query', () => {
  expect(silenceLine({ method: 'GET', url: 'https://glance.example/v2/images?marker=secret', silentMs: 10_000, leftMs: 49_600 })).toBe(
    'imago: waiting for GET https://glance.example/v2/images: no complete answer for 10 s; this try ends in 50 s\n',
  )
})
