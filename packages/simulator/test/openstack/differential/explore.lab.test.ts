import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { runningLabs } from '@imago/lab'
import { test } from '@jest/globals'
import { createOpenstackSimulator } from '@imago/simulator'
import { runSteps } from './run-steps.ts'
import { STEPS } from './steps/index.ts'
import { labTarget, simulatorTarget } from './target.ts'

test('explore', async () => {
  const [lab] = runningLabs(process.env)
  const simulator = await createOpenstackSimulator({ catalogue: 'none', importMs: 0 })
  const t0 = Date.now()
  const here = await runSteps(STEPS, await simulatorTarget(simulator))
  const t1 = Date.now()
  const there = await runSteps(STEPS, await labTarget(lab))
  const t2 = Date.now()
  await simulator.close()
  const out: string[] = [`${STEPS.length} steps, simulator ${t1 - t0} ms, lab ${t2 - t1} ms`]
  let n = 0
  for (const { name } of STEPS) {
    const a = here.get(name), b = there.get(name)
    if (isDeepStrictEqual(a, b)) continue
    n++
    out.push(`## ${name}`, `  sim  ${JSON.stringify(a).slice(0, 900)}`, `  real ${JSON.stringify(b).slice(0, 900)}`)
  }
  out.push(`${n} differ`)
  writeFileSync('/tmp/sims-diff.txt', out.join('\n'))
  writeFileSync('/tmp/sims-sim.json', JSON.stringify(Object.fromEntries(here), null, 1))
  writeFileSync('/tmp/sims-real.json', JSON.stringify(Object.fromEntries(there), null, 1))
}, 100_000)
