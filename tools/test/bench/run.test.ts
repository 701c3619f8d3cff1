import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { BUDGETS } from '../../bench/budgets.mjs'

const run = (
  ...args: readonly string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [fileURLToPath(new URL('../../bench/run.mjs', import.meta.url)), ...args], {
    encoding: 'utf8',
  })

describe('npm run bench', () => {
  it('refuses an unknown part and names the parts', () => {
    const { status, stderr } = run('uploads')
    expect(stderr).toMatch(/^bench: unknown part "uploads" \(one of: decode, startup, .*, budgets\)\n$/)
    expect(status).toBe(2)
  })

  it('refuses an unknown option', () => expect(run('--nodes').status).toBe(2))

  it('refuses a program that is not Node', () =>
    expect(run('--node', '/bin/cat', 'decode')).toMatchObject({
      status: 2,
      stderr: 'bench: --node: /bin/cat is not a Node binary\n',
    }))

  it('has a part for each budget', () => {
    const { stdout } = run('--help')
    const [, names = ''] = /default: all\): (.*);/.exec(stdout) ?? []
    expect(names.split(', ')).toEqual(expect.arrayContaining(BUDGETS.map(({ part }) => part)))
  })
})
