import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { perform, type CapabilityName, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { createFileJournals, lockPath } from '../../src/journal/file-journals.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { isFenced, type RunLease } from '../../src/journal/journal-store.ts'
import { createRig, type Rig, type RigOptions } from './rig.ts'

const rigs: Rig[] = []
afterEach(() => rigs.splice(0).forEach((rig) => rig.clear()))

const EFFECTS: readonly CapabilityName[] = [
  'create',
  'upload',
  'createFromBytes',
  'delete',
  'setVisibility',
  'hide',
  'protect',
  'deleteOrphan',
]

type Method = (...args: readonly unknown[]) => TE.TaskEither<ImageError, unknown>

/** The same source, which calls `onEffect` before each operation that changes something. */
const observeEffects = (source: ImageSource, onEffect: (name: CapabilityName) => void): ImageSource => ({
  ...source,
  ...(Object.fromEntries(
    EFFECTS.filter((name) => source[name] !== undefined).map((name) => [
      name,
      ((...args) =>
        () => {
          onEffect(name)
          return (source[name] as Method)(...args)()
        }) satisfies Method,
    ]),
  ) as Partial<ImageSource>),
})

const openRig = (options: RigOptions): Rig => {
  const rig = createRig(options)
  rigs.push(rig)
  return rig
}

/** Takes the run of a process that is still running, as after its lock was deleted by hand. */
const steal = async ({ dir, plan }: Rig): Promise<RunLease> => {
  const journals = createFileJournals({ dir: join(dir, 'journal') })
  rmSync(lockPath(join(dir, 'journal'), plan.id))
  const taken = await journals.take(plan.id, { now: () => '2026-01-01T00:00:00Z' })
  if (E.isLeft(taken)) throw new Error(taken.left.what)
  return taken.right
}

const SETTINGS = { overrides: { visibility: 'shared', protect: true } } as const

/** The number of entries of an undisturbed run. */
const countNotes = async (options: RigOptions): Promise<number> => {
  const rig = openRig(options)
  let notes = 0
  const result = await rig.run({}, (journal) => ({ ...journal, note: (entry) => (notes++, journal.note(entry)) }))
  expect(result).toMatchObject({ _tag: 'Right' })
  return notes
}

describe.each([
  ['an upload', {}],
  ['an upload with final settings', SETTINGS],
  ['an upload while it is fetched', { minOverlappedBytes: 1 }],
  ['a new image from a disk', { target: { disks: true } }],
] as const)('a run whose journal another process takes: %s', (_, options) => {
  it.each(['before', 'after'] as const)('fails as fenced %s any entry, and changes nothing more', async (when) => {
    const notes = await countNotes(options)
    expect(notes).toBeGreaterThan(5)
    // After the last entry, the run is done.
    for (let at = 0; at < (when === 'after' ? notes - 1 : notes); at++) {
      let lease: RunLease | null = null
      const late: CapabilityName[] = []
      const rig = openRig({
        ...options,
        wrapTo: (to) => observeEffects(to, (name) => void (lease !== null && late.push(name))),
      })
      let noted = 0
      const thief = (journal: Journal): Journal => ({
        ...journal,
        note: async (entry) => {
          const isNow = noted++ === at
          if (isNow && when === 'before') lease = await steal(rig)
          await journal.note(entry)
          if (isNow && when === 'after') lease = await steal(rig)
        },
      })
      const result = await rig.run({}, thief)
      expect(E.isLeft(result) && isFenced(result.left)).toBe(true)
      expect(late).toEqual([])
      await (lease as RunLease | null)?.release()
      expect(await rig.run()).toMatchObject({ _tag: 'Right' })
      expect(await rig.listCreated()).toHaveLength(1)
    }
  })
})

describe('a run whose journal another process takes during an effect', () => {
  it('does not delete the image, which the other process completes', async () => {
    let lease: RunLease | null = null
    const late: CapabilityName[] = []
    const rig = openRig({
      wrapTo: (to) => {
        const observed = observeEffects(to, (name) => void (lease !== null && late.push(name)))
        return {
          ...observed,
          upload:
            (...args) =>
            async () => {
              const sent = perform(observed, 'upload', ...args)
              if (lease === null) lease = await steal(rig)
              return sent()
            },
        }
      },
    })
    const result = await rig.run()
    expect(E.isLeft(result) && isFenced(result.left)).toBe(true)
    expect(late).toEqual(['upload'])
    expect(await rig.listCreated()).toHaveLength(1)
    await (lease as RunLease | null)?.release()
    expect(await rig.run()).toMatchObject({ _tag: 'Right' })
    expect(await rig.listCreated()).toHaveLength(1)
  })
})
