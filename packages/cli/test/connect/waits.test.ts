import { describe, expect, it } from '@jest/globals'
import type { Pause } from '@imago/http'
import { createWaitReporter } from '../../src/connect/waits.ts'
import { memoryOutput } from '../memory-output.ts'

const NOW = Date.parse('2026-11-29T16:42:05.400Z')
const PAUSE: Pause = {
  method: 'GET',
  url: 'https://glance.example/v2/images?marker=secret',
  waitMs: 30_000,
  reason: 'rate limit reached (429)',
  next: { attempt: 2, of: 6 },
}
const SILENCE = {
  method: 'GET',
  url: 'https://glance.example/v2/images?marker=secret',
  stalledMs: 10_000,
  remainingMs: 49_600,
}

const teller = (form: 'lines' | 'json') => {
  const messages = memoryOutput()
  return { messages, ...createWaitReporter({ messages, clock: () => NOW, form }) }
}

describe('createWaitReporter', () => {
  it('prints a line for a stalled request, without its query', () => {
    const { messages, onStall } = teller('lines')
    onStall(SILENCE)
    expect(messages.text()).toBe(
      'imago: waiting for GET https://glance.example/v2/images: no complete response for 10 s; this attempt ends in 50 s\n',
    )
  })

  it('prints a line for a pause, with its reason and the next request', () => {
    const { messages, onPause } = teller('lines')
    onPause(PAUSE)
    onPause({ ...PAUSE, url: 'https://other.example/v1', reason: 'no requests are left', waitMs: 12_000, next: null })
    expect(messages.text()).toBe(
      'imago: waiting 30 s: rate limit reached (429); GET https://glance.example/v2/images is sent again at 16:42:35 UTC (attempt 2 of 6)\n' +
        'imago: waiting 12 s: no requests are left; GET https://other.example/v1 is sent at 16:42:17 UTC\n',
    )
  })

  it('prints one line for equal pauses of a server, and another for a longer one', () => {
    const { messages, onPause } = teller('lines')
    for (let count = 0; count < 50; count++)
      onPause({ ...PAUSE, url: `https://glance.example/v2/images?marker=${count}` })
    onPause({ ...PAUSE, waitMs: 40_000 })
    expect(messages.text().split('\n').length).toBe(3)
  })

  it('prints both as events in JSON', () => {
    const { messages, onPause, onStall } = teller('json')
    onStall(SILENCE)
    onPause(PAUSE)
    expect(
      messages
        .text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        event: 'stall',
        at: '2026-11-29T16:42:05.400Z',
        method: 'GET',
        url: 'https://glance.example/v2/images',
        stalledMs: 10_000,
        remainingMs: 49_600,
      },
      {
        event: 'waiting',
        at: '2026-11-29T16:42:05.400Z',
        method: 'GET',
        url: 'https://glance.example/v2/images',
        waitMs: 30_000,
        reason: 'rate limit reached (429)',
        attempt: 2,
        of: 6,
      },
    ])
  })
})
