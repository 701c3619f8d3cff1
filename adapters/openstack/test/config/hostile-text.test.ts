import { describe, it } from '@jest/globals'
import { findUrlProblem } from '@imago/provider-kit'
import { expectLinear } from '../../../../tools/jest/linear-time.ts'
import { readJson, readYaml } from '../../src/config/python-yaml.ts'

/** A `clouds.yaml` in the working directory may be malicious. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  readYaml,
  'readYaml of a value': (text) => readYaml(`clouds:\n  lab:\n    region_name: ${text}`),
  readJson,
  findUrlProblem: (text) => findUrlProblem('endpoint', `https://${text}`),
}

describe('parsing of repetitive text', () => {
  it.each(Object.keys(FUNCTIONS))('takes linear time in %s', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })
})
