import { describe, expect, it } from '@jest/globals'
import { createErrorSite, notFound, unavailable } from '@imago/core'
import type { WorkerEvent } from '@imago/fleet'
import { createEventLog } from '../../../../src/commands/fleet/worker/event-log.ts'
import { secrets } from '../../../../src/output/mask.ts'
import { memoryOutput } from '../../../memory-output.ts'

const SITE = createErrorSite({ provider: 'openstack', cloud: 'demo' }, 'upload')
const RUN = '7b0f4c1e-0000-4000-8000-000000000001'

/** The output of events in a format. */
const log = (format: 'text' | 'json', ...events: readonly WorkerEvent[]): string => {
  const messages = memoryOutput()
  const write = createEventLog(format, messages, () => new Date('2026-11-01T03:00:00.125Z'))
  for (const event of events) write(event)
  return messages.text()
}

const parse = (text: string): readonly unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

const retried: WorkerEvent = {
  event: 'settled',
  run: RUN,
  settlement: { to: 'retry', error: unavailable(SITE, { what: 'no answer', hint: 'Retry' }), seconds: 30 },
}

describe('createEventLog', () => {
  it('writes lines for people', () => {
    expect(
      log(
        'text',
        { event: 'listening', url: 'http://127.0.0.1:9464' },
        { event: 'begun', run: RUN, attempt: 2 },
        retried,
      ),
    ).toBe(
      `imago: health and metrics at http://127.0.0.1:9464\nimago: run ${RUN}: started (attempt 2)\nimago: run ${RUN}: openstack/demo: upload: no answer. Retry; next attempt in 30 s\n`,
    )
  })

  it('writes an object for each event, with the worker after it has started', () => {
    const time = '2026-11-01T03:00:00.125Z'
    expect(
      parse(log('json', { event: 'listening', url: 'http://127.0.0.1:1' }, { event: 'started', worker: 'w' }, retried)),
    ).toEqual([
      {
        time,
        level: 'info',
        event: 'listening',
        worker: null,
        message: 'health and metrics at http://127.0.0.1:1',
        url: 'http://127.0.0.1:1',
      },
      { time, level: 'info', event: 'started', worker: 'w', message: 'worker w started' },
      {
        time,
        level: 'warn',
        event: 'settled',
        worker: 'w',
        message: `run ${RUN}: openstack/demo: upload: no answer. Retry; next attempt in 30 s`,
        run: RUN,
        result: 'retry',
        reason: 'Unavailable',
        cloud: 'demo',
        retryAfterSeconds: 30,
      },
    ])
  })

  it.each<readonly [string, WorkerEvent, object]>([
    [
      'a final failure as an error',
      { event: 'settled', run: RUN, settlement: { to: 'failed', error: notFound(SITE, { what: 'gone' }) } },
      { level: 'error', result: 'failed', reason: 'NotFound' },
    ],
    ['a lost transfer as a warning', { event: 'lost', run: RUN }, { level: 'warn', run: RUN }],
    ['a stop with the transfers in progress', { event: 'stopping', running: 2 }, { level: 'info', running: 2 }],
    ['a database that cannot be reached as a warning', { event: 'trouble', message: 'away' }, { level: 'warn' }],
  ])('writes %s', (_, event, entry) => expect(parse(log('json', event))).toMatchObject([entry]))

  it.each(['text', 'json'] as const)('masks secrets, also those with quotes, in %s', (format) => {
    secrets.add('se"cret-9')
    expect(log(format, { event: 'trouble', message: 'password se"cret-9 is wrong' })).toContain('password *** is wrong')
  })

  it('writes control characters as JSON escapes', () => {
    const text = log('json', { event: 'trouble', message: 'a\u202eb\u009bc\nd' })
    expect(text).toMatch(/^[\u0020-\u007e]+\n$/)
    expect(parse(text)).toMatchObject([{ message: 'a\u202eb\u009bc\nd; trying again' }])
  })
})
