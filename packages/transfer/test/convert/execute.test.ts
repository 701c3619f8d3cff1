import { describe, expect, it, jest } from '@jest/globals'
import { ChildProcess } from 'node:child_process'
import { execute } from '../../src/convert/execute.ts'

describe('execute', () => {
  it('reports a program that cannot be started, because it is missing or no file descriptor is left', async () => {
    expect(await execute('/there/is/none', [], { timeoutMs: 1000 })).toMatchObject({
      stopped: 'not-started',
      code: null,
    })
    // Node returns a process without streams, and emits the error in the next turn.
    const spawn = jest
      .spyOn(ChildProcess.prototype as ChildProcess & { spawn: () => number }, 'spawn')
      .mockImplementationOnce(function (this: ChildProcess) {
        process.nextTick(() => this.emit('error', Object.assign(new Error('spawn EMFILE'), { code: 'EMFILE' })))
        return -24
      })
    try {
      expect(await execute('/bin/true', [], { timeoutMs: 1000 })).toMatchObject({ stopped: 'not-started', code: null })
    } finally {
      spawn.mockRestore()
    }
    expect(await execute('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'], { timeoutMs: 10_000 })).toEqual({
      code: 3,
      signal: null,
      stopped: null,
      output: 'out\n',
      errors: 'err\n',
    })
  })
})
