import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type OrphanedResource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cleanup } from '../../../src/commands/cleanup/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import type { MemoryLive } from '../../live.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import { createCloud, stage, problem } from '../../transfer/stage.ts'

describe('cleanup', () => {
  const LEFT: readonly OrphanedResource[] = [
    { kind: 'server', id: '17', name: 'imago-abc', run: 'run-a', epoch: 2, createdAt: '2026-11-22T11:00:00Z' },
    { kind: 'ssh-key', id: '4', name: null, run: 'run-b', epoch: null, createdAt: null },
  ]
  const littered = () => {
    const removed: string[] = []
    const staged = stage({
      toLab: (source) => ({
        ...source,
        orphans: () => TE.right(LEFT),
        deleteOrphan: ({ id }) => TE.fromIO(() => void removed.push(id)),
      }),
    })
    return { ...staged, removed }
  }

  it('deletes resources after confirmation', async () => {
    const { live, removed } = littered()
    const told = live()
    const asked: string[] = []
    expect(await cleanup(['lab'], { output: 'table' }, told, async (question) => asked.push(question) > 0)).toBe(0)
    expect(asked).toEqual(['Delete 2 resources, including those of runs in progress?'])
    expect(told.output.lines()[1]).toMatch(/^openstack\/lab +server +17 +imago-abc +run-a +2 +2026-11-22T11:00:00Z/)
    expect(told.messages.lines()).toEqual(['openstack/lab: server 17 deleted', 'openstack/lab: ssh-key 4 deleted'])
    expect(removed).toEqual(['17', '4'])
  })

  it('deletes nothing if the user declines, or without a terminal', async () => {
    const { live, removed } = littered()
    expect(await cleanup(['lab'], { output: 'json' }, live(), () => Promise.resolve(false))).toBe(1)
    const told = live()
    expect((await problem(cleanup([], { output: 'json' }, told, null))).exitCode).toBe(2)
    expect(findSchemaFaults('orphans', told.output.text())).toEqual([])
    expect(removed).toEqual([])
  })

  it('does not ask with --yes, and selects by --run', async () => {
    const { live, removed } = littered()
    expect(await cleanup([], { output: 'table', yes: true, run: 'run-b' }, live(), null)).toBe(0)
    expect(removed).toEqual(['4'])
  })

  it('neither asks nor deletes with --dry-run', async () => {
    const { live, removed } = littered()
    const told = live()
    expect(await cleanup([], { output: 'table', dryRun: true }, told, null)).toBe(0)
    expect(told.output.lines()).toHaveLength(3)
    expect(removed).toEqual([])
  })

  it('reports that no resources were found', async () => {
    const { live } = stage()
    const told = live()
    expect(await cleanup(['prod'], { output: 'table' }, told, null)).toBe(0)
    expect(told.messages.text()).toBe('imago: no orphaned resources found\n')
  })

  it('reports a cloud that fails, and cleans up the others', async () => {
    const { live, removed } = littered()
    const base = live()
    const down = unavailable(createErrorSite(createCloud('prod'), 'open'), { what: 'it is down' })
    const told: MemoryLive = {
      ...base,
      open: (target) => (target.name === 'prod' ? Promise.resolve(E.left(down)) : base.open(target)),
    }
    expect(await cleanup([], { output: 'table', yes: true }, told, null)).toBe(EXIT.temporary)
    expect(told.messages.text()).toMatch(/it is down/)
    expect(removed).toEqual(['17', '4'])
  })
})
