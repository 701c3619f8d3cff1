import { expect, jest, test } from '@jest/globals'
import { ChildProcess } from 'node:child_process'
import { execute } from '../../src/convert/execute.ts'

test('a program that cannot be started says so: there is none, or this process has no files left', async () => {
  expect(await execute('/there/is/none', [], { timeoutMs: 1000 })).toMatchObject({ stopped: 'not-started', code: null })
  // As Node does it: without streams, and told in the next turn.
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
