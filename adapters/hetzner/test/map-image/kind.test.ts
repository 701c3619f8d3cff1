import { describe, expect, it } from '@jest/globals'
import { toKind, toVisibility } from '../../src/map-image/kind.ts'

describe('mapping of Hetzner images: kind', () => {
  it.each([
    ['system', 'system', 'public'],
    ['app', 'app', 'public'],
    ['snapshot', 'snapshot', 'private'],
    ['backup', 'backup', 'private'],
    ['temporary', 'unknown', undefined],
    ['a new word', 'unknown', undefined],
    ['constructor', 'unknown', undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('the type %p is mapped to the kind %p and the visibility %p', (type, kind, visibility) => {
    expect(toKind(type)).toBe(kind)
    expect(toVisibility(type)).toBe(visibility)
  })
})
