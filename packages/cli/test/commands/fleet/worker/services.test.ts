import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { formatFlag } from '../../../../src/command-line/option.ts'
import { options } from '../../../../src/commands/fleet/worker/options.ts'
import { parseDuration } from '../../../../src/parse-duration.ts'

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../../../examples/fleet/${name}`, `file://${__filename}`)), 'utf8')

const DECLARED: ReadonlySet<string> = new Set(Object.keys(options).map(formatFlag))

const findFlags = (words: readonly string[]): readonly string[] => words.filter((word) => word.startsWith('--'))

/** The time of `--grace`, in seconds. */
const readGrace = (words: readonly string[]): number =>
  parseDuration('--grace', words[words.indexOf('--grace') + 1] ?? '') / 1000

interface Job {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly { readonly args: readonly string[] }[]
      }
    }
  }
}

describe('the services of examples/fleet', () => {
  const unit = read('imago-fleet-worker.service')
  const command = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '').split(' ')
  const { spec } = (parse(read('kubernetes.yaml')) as Job).spec.template
  const args = spec.containers[0]?.args ?? []
  const image = (/^ENTRYPOINT (.*)$/m.exec(read('Containerfile'))?.[1] ?? '[]').replaceAll(/[[\]",]/g, '').split(' ')

  it.each([
    ['systemd unit', command],
    ['Job', args],
    ['Containerfile', image],
  ])('the %s uses only options of the command', (_, words) => {
    const flags = findFlags(words)
    expect(flags.length).toBeGreaterThan(0)
    expect(flags.filter((flag) => !DECLARED.has(flag))).toEqual([])
  })

  it('are given more time to stop than --grace', () => {
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(readGrace(args))
    const minutes = /^TimeoutStopSec=(\d+)min$/m.exec(unit)?.[1]
    expect(Number(minutes) * 60).toBeGreaterThan(readGrace(command))
  })
})
