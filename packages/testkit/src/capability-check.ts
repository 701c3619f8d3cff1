import assert from 'node:assert/strict'
import { deriveCapabilities, CAPABILITY_NAMES } from '@imago/core/provider'
import { must, mustFail, steadily, walk, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'
import { callOn, NOWHERE } from './method-arguments.ts'

/** Checks of declared and probed capabilities. */
export const CAPABILITY_CHECKS: readonly Check[] = [
  {
    name: 'declares the capabilities of the subject',
    promises: ['capabilities'],
    needs: [],
    writes: false,
    run: async (source, { declared }) => assert.deepEqual(source.capabilities, declared),
  },
  {
    name: 'declares exactly the methods that it has',
    promises: ['presence', 'capabilities'],
    needs: [],
    writes: false,
    run: async (source) => assert.deepEqual(source.capabilities.operations, deriveCapabilities(source).operations),
  },
  {
    name: 'probe adds nothing to the declared capabilities',
    promises: ['probe-narrows'],
    needs: [],
    writes: false,
    run: async (source) => {
      const probed = await must(source.probe())
      for (const key of ['operations', 'filters', 'changes', 'digests'] as const) {
        const declared: readonly string[] = source.capabilities[key]
        assert.deepEqual(
          probed[key].filter((word) => !declared.includes(word)),
          [],
          key,
        )
      }
    },
  },
  {
    name: 'probe changes nothing',
    promises: ['probe-changes-nothing'],
    needs: [],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = (await walk(source, EVERYTHING)).images
        await must(source.probe())
        assert.deepEqual((await walk(source, EVERYTHING)).images, before)
      }),
  },
  {
    name: 'undeclared capabilities are Unsupported',
    promises: ['presence'],
    needs: [],
    writes: false,
    unless: ({ operations }) => (operations.length === CAPABILITY_NAMES.length ? 'every method is declared' : null),
    run: async (source) => {
      for (const name of CAPABILITY_NAMES.filter((one) => !source.capabilities.operations.includes(one))) {
        const error = await mustFail(source, 'Unsupported', callOn(source, name, NOWHERE))
        assert.equal(error.capability, name)
      }
    },
  },
]
