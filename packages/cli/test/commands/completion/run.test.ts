import { describe, expect, it } from '@jest/globals'
import { completion, SHELLS } from '../../../src/commands/completion/run.ts'
import { memoryOutput } from '../../memory-output.ts'

describe('completion', () => {
  it.each(SHELLS)('prints a script for %s that calls the completion server', async (shell) => {
    const output = memoryOutput()
    expect(await completion(shell, output)).toBe(0)
    expect(output.text()).toContain('imago completion-server')
  })
})
