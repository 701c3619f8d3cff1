import { describe, expect, it } from '@jest/globals'
import { toCall } from '../../src/api/call.ts'

describe('toCall', () => {
  it.each([
    ['no options', undefined],
    ['an operation that is undefined', { operation: undefined }],
  ])('keeps the own operation with %s', (_, options) =>
    expect(toCall({ operation: 'images.get', subject: 'image 1' }, options)).toEqual({
      operation: 'images.get',
      subject: 'image 1',
    }),
  )

  it("returns the caller's operation and signal", () => {
    const { signal } = new AbortController()
    expect(toCall({ operation: 'images.get' }, { operation: 'find', signal })).toEqual({ operation: 'find', signal })
  })
})
