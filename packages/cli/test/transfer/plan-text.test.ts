import { describe, expect, it } from '@jest/globals'
import { createMemorySource } from '@imago/testkit'
import { planTransfer, type Plan } from '@imago/transfer'
import { writePlan } from '../../src/transfer/plan-text.ts'
import { memoryOutput } from '../memory-output.ts'

const CLOUD = { provider: 'openstack', cloud: 'prod', region: null }
const NAME = 'a-long-name-of-an-image-that-no-column-of-forty-characters-holds'

const plan: Plan = planTransfer(
  { kind: 'file', path: `/images/${NAME}.raw`, size: 1000, modifiedAt: '2026-01-01T00:00:00.000Z' },
  { kind: 'cloud', cloud: CLOUD, capabilities: createMemorySource({ cloud: CLOUD }).capabilities },
  { name: NAME, labels: { env: 'prod' } },
)

const print = (width: number | null) => {
  const output = memoryOutput({ isTerminal: width !== null, width })
  writePlan(plan, output)
  return output
}

describe('writePlan', () => {
  it('prints complete values on a terminal of 80 columns', () => {
    const lines = print(80).lines()
    expect(lines.filter((line) => line.includes('…'))).toEqual([])
    expect(lines.find((line) => line.startsWith('name '))).toMatch(/^name +\w+ +(?:from|to):/)
    expect(lines.filter((line) => line.endsWith(NAME)).length).toBeGreaterThan(0)
  })

  it('prints all values in columns on a wide terminal', () => {
    const lines = print(400).lines()
    expect(lines).toContainEqual(expect.stringMatching(/^FIELD +BECOMES +FROM +TO +REASON$/))
    expect(lines).toContainEqual(expect.stringMatching(/^STEP +WHAT +BYTES +TIME +IF INTERRUPTED$/))
    expect(lines.filter((line) => line.includes('…'))).toEqual([])
  })

  it.each([
    [{ bytes: null, seconds: 60 }, 'About an unknown amount over the network, 60 s; 1000 B of spool space.'],
    [
      { bytes: 1000, seconds: null, spoolBytes: null },
      'About 1000 B over the network, duration unknown; an unknown amount of spool space.',
    ],
    [{ bytes: null, seconds: null }, 'Size and duration are unknown until the source has been read.'],
  ])('prints which parts of the estimate %j are unknown', (estimate, line) => {
    const output = memoryOutput({ isTerminal: false, width: null })
    writePlan({ ...plan, estimate: { ...plan.estimate, spoolBytes: 1000, ...estimate } }, output)
    expect(output.lines()).toContain(line)
  })

  it('shortens values when the output is not a terminal', () => {
    expect(print(null).text()).toContain(`${NAME.slice(0, 39)}…`)
  })
})
