import { describe, expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { terminalConfirm } from '../../src/writing/confirm.ts'

/** A terminal with the input `keys`. */
const terminal = (keys: string) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin })
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  const signals: unknown[] = []
  stdin.write(keys)
  return {
    signals,
    process: { stdin, stderr, emit: (signal: unknown) => signals.push(signal) > 0 } as unknown as Parameters<
      typeof terminalConfirm
    >[0],
  }
}

describe('terminalConfirm', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    ['\u0004', false],
  ])('returns for the input %j: %s', async (keys, answer) => {
    const { signals, process } = terminal(keys)
    expect(await terminalConfirm(process)?.('Delete?')).toBe(answer)
    expect(signals).toEqual([])
  })

  it('returns false on Ctrl-C, and interrupts the process', async () => {
    const { signals, process } = terminal('\u0003')
    expect(await terminalConfirm(process)?.('Delete?')).toBe(false)
    expect(signals).toEqual(['SIGINT'])
  })

  it('returns null without a terminal', () => {
    expect(terminalConfirm({ stdin: { isTTY: false } } as Parameters<typeof terminalConfirm>[0])).toBeNull()
  })
})
