import { describe, expect, it } from '@jest/globals'
import type { Fault } from '@imago/simulator'
import { getCloud, PROVIDERS, simulatedClouds, type ProviderName } from './clouds.ts'

const { list, strike } = simulatedClouds()

const cases: readonly (readonly [string, Fault, number])[] = [
  ['is down', { kind: 'html', status: 502 }, 5],
  ['wants less of us', { kind: 'status', status: 429, headers: { 'retry-after': '9999' } }, 5],
  ['does not know us', { kind: 'status', status: 401 }, 1],
  ['speaks nonsense', { kind: 'truncate', atByte: 40 }, 1],
  ['sends us away', { kind: 'redirect', location: 'https://elsewhere.example/' }, 1],
]
const rows = PROVIDERS.flatMap((provider) => cases.map(([name, fault, code]) => [provider, name, fault, code] as const))

describe('one cloud of three fails', () => {
  it.each(rows)(
    '%s %s: prints one line for it, and lists the others completely and in order',
    async (failing: ProviderName, _, fault, expected) => {
      const others = ['prod', 'lab', 'two'].filter((name) => name !== getCloud(failing))
      const { stdout: whole } = await list(others)
      strike(failing, fault)
      const { code, stdout, stderr } = await list(['prod', 'lab', 'two'])
      expect({ code, stdout }).toEqual({ code: expected, stdout: whole })
      expect(stderr).toMatch(new RegExp(`^imago: ${failing}/${getCloud(failing)}: list images: [^\n]*\n$`))
    },
  )

  it('ends with 1 for temporary and permanent errors, because a retry does not fix all', async () => {
    const { code, stderr } = await list(['down', 'wrong', 'two'])
    expect(code).toBe(1)
    expect(
      stderr
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(':')[1]),
    ).toEqual([' openstack/down', ' hetzner/wrong'])
  })
})
