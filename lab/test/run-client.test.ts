import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { runClient } from '../src/index.ts'

const shell = (script: string, options: Parameters<typeof runClient>[2] = {}) =>
  runClient('sh', ['-c', script], options)

describe('runClient', () => {
  it('returns exit code and both streams', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  it('passes no variables of the caller, only the given ones', async () => {
    const outer = process.env['OS_CLOUD']
    process.env['OS_CLOUD'] = 'of-the-caller'
    try {
      const { stdout } = await shell('env', { environment: { HCLOUD_TOKEN: 'given' } })
      const names = stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0])
      expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')).sort()).toEqual([
        'HCLOUD_TOKEN',
        'HOME',
        'LC_ALL',
        'NO_PROXY',
        'PATH',
        'no_proxy',
      ])
    } finally {
      if (outer === undefined) delete process.env['OS_CLOUD']
      else process.env['OS_CLOUD'] = outer
    }
  })

  it('has a temporary home', async () => {
    const { stdout } = await shell('cd && pwd && touch left-over')
    const home = stdout.trim()
    expect(home).toContain('imago-client-')
    expect(existsSync(home)).toBe(false)
  })

  it('passes input: none, bytes, or a closed stream', async () => {
    expect((await shell('wc -c')).stdout.trim()).toBe('0')
    expect((await shell('wc -c', { input: new Uint8Array(200_000) })).stdout.trim()).toBe('200000')
    expect((await shell('test -e /proc/self/fd/0 && echo open || echo closed', { input: 'closed' })).stdout).toBe(
      'closed\n',
    )
  })

  it('accepts a client that does not read its input', async () => {
    expect(await shell('exit 0', { input: new Uint8Array(2 ** 20) })).toMatchObject({ exitCode: 0 })
  })

  it('kills a client that does not end', async () => {
    expect(await runClient('sleep', ['60'], { timeoutMs: 50 })).toMatchObject({ exitCode: 137 })
  })

  it('names a missing program', async () => {
    await expect(runClient('no-such-client', [])).rejects.toThrow(/no-such-client .* lab\/install\.sh/)
  })
})
