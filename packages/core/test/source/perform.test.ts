import { describe, expect, test } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { CAPABILITY_NAMES } from '../../src/capability-names.ts'
import { formatError } from '../../src/error/format-error.ts'
import { perform } from '../../src/source/perform.ts'
import type { ImageSource } from '../../src/source/source.ts'
import { imageOf, numbered, sourceOf } from '../paged-source.ts'

describe('perform', () => {
  test.each(CAPABILITY_NAMES)('%s: Unsupported, and named, where it is absent', async (name) => {
    const { source, asked } = sourceOf(numbered(1))
    const result = await perform(source, name, ...([] as never))()
    expect(result).toMatchObject({
      left: { _tag: 'Unsupported', capability: name, operation: name, provider: 'paper', cloud: 'test' },
    })
    expect(asked).toEqual([])
  })

  test('says so in a sentence', async () => {
    const result = await perform(sourceOf(numbered(1)).source, 'hide', '42', true)()
    expect(result._tag === 'Left' && formatError(result.left)).toBe(
      'paper/test: hide: paper cannot do this. See the capabilities of this cloud.',
    )
  })

  test('calls what is present, with all arguments, as a method', async () => {
    const calls: unknown[] = []
    const protect: NonNullable<ImageSource['protect']> = function (this: unknown, ...args) {
      calls.push([this, ...args])
      return TE.right(imageOf('42', { protected: args[1] }))
    }
    const { source } = sourceOf(numbered(1), { protect })
    const options = {}
    expect(await perform(source, 'protect', '42', true, options)()).toMatchObject({ right: { protected: true } })
    expect(calls).toEqual([[source, '42', true, options]])
  })
})
