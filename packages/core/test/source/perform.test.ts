import { describe, expect, it } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { CAPABILITY_NAMES } from '../../src/capability-names.ts'
import { formatError } from '../../src/error/format-error.ts'
import { perform } from '../../src/source/perform.ts'
import type { ImageSource } from '../../src/source/source.ts'
import { createImage, numbered, createSource } from '../paged-source.ts'

describe('perform', () => {
  it.each(CAPABILITY_NAMES)('returns Unsupported if the source has no %s', async (name) => {
    const { source, asked } = createSource(numbered(1))
    const result = await perform(source, name, ...([] as never))()
    expect(result).toMatchObject({
      left: { _tag: 'Unsupported', capability: name, operation: name, provider: 'paper', cloud: 'test' },
    })
    expect(asked).toEqual([])
  })

  it('returns an error that formatError prints in one sentence', async () => {
    const result = await perform(createSource(numbered(1)).source, 'hide', '42', true)()
    expect(result._tag === 'Left' && formatError(result.left)).toBe(
      'paper/test: hide: the provider does not support this operation. Check the capabilities of the cloud',
    )
  })

  it('calls a present method with all arguments and its source as this', async () => {
    const calls: unknown[] = []
    const protect: NonNullable<ImageSource['protect']> = function (this: unknown, ...args) {
      calls.push([this, ...args])
      return TE.right(createImage('42', { protected: args[1] }))
    }
    const { source } = createSource(numbered(1), { protect })
    const options = {}
    expect(await perform(source, 'protect', '42', true, options)()).toMatchObject({ right: { protected: true } })
    expect(calls).toEqual([[source, '42', true, options]])
  })
})
