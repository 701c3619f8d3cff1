import { describe, test } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import { readJson, readYaml } from '../src/openstack/python-yaml.ts'
import { faultOfUrl } from '../src/url.ts'

/** A `clouds.yaml` of the working directory may be a stranger's. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  readYaml,
  'readYaml of a value': (text) => readYaml(`clouds:\n  lab:\n    region_name: ${text}`),
  readJson,
  faultOfUrl: (text) => faultOfUrl('endpoint', `https://${text}`),
}

describe('takes linear time, whatever the text repeats', () => {
  test.each(Object.keys(FUNCTIONS))('%s', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })
})
