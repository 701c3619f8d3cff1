import { afterEach, describe, expect, it } from '@jest/globals'
import type { TransferEvent } from '../../src/run/transfer-event.ts'
import { createEventQueue } from '../../src/run/event-queue.ts'
import { startResumption, startTransfer, startTransfers } from '../../src/run/start-transfer.ts'
import { createRig, DISK, type Rig } from './rig.ts'

let rig: Rig
afterEach(() => rig.clear())

const collect = async (events: AsyncIterable<TransferEvent>): Promise<readonly TransferEvent[]> => {
  const all: TransferEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('startTransfer', () => {
  it('returns the events of the run, which end with its outcome', async () => {
    rig = createRig()
    const { events, result } = startTransfer(rig.plan, rig.options)
    const all = await collect(events)
    const outcome = await result
    expect(outcome).toMatchObject({ _tag: 'Right', right: { verified: 'digest-match', size: DISK.length } })
    expect(all.at(-1)).toMatchObject({ event: 'done', run: rig.plan.id })
    expect(all.filter(({ event }) => event === 'step').map((event) => 'step' in event && event.step)).toEqual([
      'download',
      'create',
      'upload',
      'verify',
    ])
  })

  it('calls onEvent, too', async () => {
    rig = createRig()
    const { events, result } = startTransfer(rig.plan, rig.options)
    await result
    expect(rig.events.map(({ event }) => event)).toEqual(
      expect.arrayContaining((await collect(events)).map(({ event }) => event)),
    )
  })

  it('ends the events when the run fails, and returns its error as the result', async () => {
    rig = createRig()
    const { events, result } = startTransfer({ ...rig.plan, checksum: 'sha256:0' }, rig.options)
    expect(await collect(events)).toEqual([])
    expect(await result).toMatchObject({ _tag: 'Left', left: { _tag: 'Rejected' } })
  })

  it('continues the run when the loop is left early', async () => {
    rig = createRig()
    const { events, result } = startTransfer(rig.plan, rig.options)
    for await (const event of events) if (event.event === 'step') break
    expect(await result).toMatchObject({ _tag: 'Right' })
    expect(await collect(events)).toEqual([])
  })
})

describe('startTransfers', () => {
  it('returns the events of all runs', async () => {
    rig = createRig()
    const { events, result } = startTransfers([rig.plan, rig.plan], rig.options)
    expect((await collect(events)).filter(({ event }) => event === 'done')).toHaveLength(1)
    expect(await result).toHaveLength(2)
  })
})

describe('startResumption', () => {
  it('returns no events when no run is unfinished', async () => {
    rig = createRig()
    const { events, result } = startResumption('all', rig.options)
    expect(await collect(events)).toEqual([])
    expect(await result).toEqual([])
  })
})

describe('createEventQueue', () => {
  const progress = (bytes: number, step: 'download' | 'upload' = 'download'): TransferEvent => ({
    event: 'progress',
    run: 'r',
    at: '2026-01-01T00:00:00Z',
    step,
    bytes,
    total: 10,
  })

  it('keeps only the latest of consecutive progress events of a step', async () => {
    rig = createRig()
    const { push, end, events } = createEventQueue()
    for (const bytes of [1, 2, 3]) push(progress(bytes))
    push(progress(4, 'upload'))
    end()
    expect(await collect(events)).toEqual([progress(3), progress(4, 'upload')])
  })

  it('wakes a consumer that waits', async () => {
    rig = createRig()
    const { push, end, events } = createEventQueue()
    const consumed = collect(events)
    await Promise.resolve()
    push(progress(1))
    end()
    expect(await consumed).toEqual([progress(1)])
  })
})
