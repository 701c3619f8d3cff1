import { describe, test } from '@jest/globals'
import { findUrlProblem } from '@imago/provider-kit'
import { expectLinear } from '../../../../tools/jest/linear-time.ts'
import { readJson, readYaml } from '../../src/config/python-yaml.ts'

/** A `clouds.yaml` of the working directory may be a stranger's. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  readYaml,
  'readYaml of a value': (text) => readYaml(`clouds:\n  lab:\n    region_name: ${text}`),
  readJson,
  findUrlProblem: (text) => findUrlProblem('endpoint', `https://${text}`),
}

describe('takes linear time, whatever the text repeats', () => {
  test.each(Object.keys(FUNCTIONS))('%s', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })
})
