import { describe, expect, it } from '@jest/globals'
import { debugLines, isDebugging } from '../../src/connect/debug.ts'
import { memoryOutput } from '../memory-output.ts'

describe('debug log', () => {
  it('prints the debug log by option or environment variable, line by line, with visible control characters', () => {
    expect(
      [{}, { IMAGO_DEBUG: '' }, { IMAGO_DEBUG: '0' }, { IMAGO_DEBUG: '1' }].map((env) => isDebugging({}, env)),
    ).toEqual([false, false, false, true])
    expect(isDebugging({ debug: true }, {})).toBe(true)
    const messages = memoryOutput()
    debugLines(messages)('GET https://a/\u001b[31m 200')
    expect(messages.text()).toBe('debug: GET https://a/\\x1b[31m 200\n')
  })
})
