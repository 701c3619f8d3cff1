import { runningLabs, type Lab } from '@imago/lab'
import { describe, expect, test } from '@jest/globals'
import { createOpenstackSimulator } from '@imago/simulator'
import { differingParts, KNOWN_DIFFERENCES, knownDifference } from './known-differences.ts'
import { runSteps, type Observation } from './run-steps.ts'
import { STEPS } from './steps/index.ts'
import { labTarget, simulatorTarget, type Target } from './target.ts'

/** Reads the release of Glance in a lab, Debian's or PyPI's: `2:25.1.0-2+deb12u5` → 25. */
const readRelease = ({ versions }: Lab): string => {
  const version = versions['python3-glance'] ?? versions['glance'] ?? ''
  return /^(?:\d+:)?(\d+)\./.exec(version)?.[1] ?? version
}

/** The last lab of each release: no other test uses it, so listings are stable. */
const labs = new Map(runningLabs(process.env).map((lab): readonly [string, Lab] => [readRelease(lab), lab]))

const observed = async (): Promise<ReadonlyMap<string, Observation>> => {
  const simulator = await createOpenstackSimulator({ catalogue: 'none', importMs: 0 })
  try {
    return await runSteps(STEPS, await simulatorTarget(simulator))
  } finally {
    await simulator.close()
  }
}

const deleteImages = async ({ glance, tokens }: Target, ids: readonly string[]): Promise<void> => {
  for (const id of ids)
    await fetch(`${glance}/v2/images/${id}`, { method: 'DELETE', headers: { 'x-auth-token': tokens.admin } })
}

const isAllowed = (parts: readonly string[], known: readonly string[]): boolean =>
  parts.toSorted().join() === known.toSorted().join()

describe('the simulated and a real Glance', () => {
  test.each([...labs])(
    'the simulator responds like Glance %s and its Keystone, except for known differences',
    async (release, lab) => {
      const target = await labTarget(lab)
      const created: string[] = []
      const real = await runSteps(STEPS, target, (id) => created.push(id))
      await deleteImages(target, created)
      const simulated = await observed()
      const found = STEPS.flatMap(({ name }): readonly unknown[] => {
        const there = real.get(name)
        const here = simulated.get(name)
        if (there === undefined || here === undefined) return [{ step: name, parts: ['missing'], here, there }]
        const parts = differingParts(here, there)
        const known = knownDifference(name, release)
        // Both new differences and known ones that no longer occur are reported.
        return isAllowed(parts, known?.parts ?? [])
          ? []
          : [{ step: name, parts, known: known?.parts ?? [], here, there }]
      })
      expect(found).toEqual([])
    },
  )

  test('each known difference refers to an existing step', () => {
    const orphans = KNOWN_DIFFERENCES.flatMap(({ steps }) => steps).filter((pattern) =>
      STEPS.every(({ name }) => !(pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern)),
    )
    expect(orphans).toEqual([])
  })
})
