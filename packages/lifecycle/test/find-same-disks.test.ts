import { describe, expect, it } from '@jest/globals'
import { bareImage } from '@imago/testkit'
import { findSameDisks } from '../src/index.ts'

const disk = (id: string, sha512: string, bytes = 512) => ({
  image: bareImage(id, { createdAt: `2026-01-0${id}T00:00:00Z` }),
  sha512,
  bytes,
})

describe('findSameDisks', () => {
  it('groups images of the same size and digest, oldest first', () => {
    const groups = findSameDisks([disk('3', 'aa'), disk('2', 'bb'), disk('1', 'AA'), disk('4', 'aa', 1024)])
    expect(groups.map(({ evidence, images }) => [evidence, ...images.map(({ ref }) => ref.id)])).toEqual([
      ['same-disk', '1', '3'],
    ])
  })
})
