import { describe, expect, it } from '@jest/globals'
import { createErrorSite, type ImageChanges } from '@imago/core/provider'
import { refuseUnsupportedChange } from '../src/index.ts'

const refuse = (changes: ImageChanges, supported: readonly (keyof ImageChanges)[]) =>
  refuseUnsupportedChange(
    createErrorSite({ provider: 'small', cloud: null }, 'update'),
    'Small Cloud',
    changes,
    supported,
  )

describe('refuseUnsupportedChange', () => {
  it('names the first change that is not supported', () =>
    expect(refuse({ name: 'a', labels: { b: 'c' } }, ['labels'])).toMatchObject({
      _tag: 'Unsupported',
      what: 'Small Cloud cannot change the name of an image',
      operation: 'update',
    }))

  it('returns null when all changes are supported', () =>
    expect(refuse({ description: 'a', labels: { b: 'c' } }, ['labels', 'description'])).toBeNull())

  it('ignores properties without a value', () =>
    expect(refuse({ name: undefined } as unknown as ImageChanges, [])).toBeNull())
})
