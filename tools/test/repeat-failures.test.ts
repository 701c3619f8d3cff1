import { describe, expect, it } from '@jest/globals'
import { repeatFailures } from '../jest/repeat-failures.mjs'

interface Results {
  readonly passed: number
  readonly failed: number
  readonly failures: readonly { readonly file: string; readonly message: string }[]
}

const failed = (...files: readonly string[]): Results => ({
  passed: 10,
  failed: files.length,
  failures: files.map((file) => ({ file, message: `${file} failed` })),
})

/** Returns a run of jest with one result after the other, and the parameters of each. */
const runWith = (...results: readonly (Results | null)[]) => {
  const calls: (readonly string[])[] = []
  const run = async (parameters: readonly string[]) => {
    const result = results[calls.length] ?? null
    calls.push(parameters)
    return { ended: { ok: result?.failed === 0 }, results: result }
  }
  return { calls, run }
}

describe('repeatFailures', () => {
  it('runs jest once when nothing fails', async () => {
    const { calls, run } = runWith(failed())
    expect(await repeatFailures(run)).toEqual({ ended: { ok: true }, results: failed(), unrepeated: [] })
    expect(calls).toEqual([[]])
  })

  it('runs failed files again, alone, and reports those that pass', async () => {
    const { calls, run } = runWith(failed('a.test.ts', 'b.test.ts'), failed())
    expect(await repeatFailures(run)).toEqual({
      ended: { ok: true },
      results: { passed: 12, failed: 0, failures: [] },
      unrepeated: failed('a.test.ts', 'b.test.ts').failures,
    })
    expect(calls[1]).toEqual(['--runInBand', '--runTestsByPath', 'a.test.ts', 'b.test.ts'])
  })

  it('fails for files that fail again', async () => {
    const { run } = runWith(failed('a.test.ts', 'b.test.ts'), failed('b.test.ts'))
    expect(await repeatFailures(run)).toEqual({
      ended: { ok: false },
      results: { passed: 11, failed: 1, failures: failed('b.test.ts').failures },
      unrepeated: failed('a.test.ts').failures,
    })
  })

  it('repeats nothing when more than two files fail', async () => {
    const { calls, run } = runWith(failed('a.test.ts', 'b.test.ts', 'c.test.ts'))
    expect((await repeatFailures(run)).results).toEqual(failed('a.test.ts', 'b.test.ts', 'c.test.ts'))
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['the first run', [null]],
    ['the second run', [failed('a.test.ts'), null]],
  ])('fails when %s wrote no results', async (_, results) => {
    const { run } = runWith(...results)
    const { ended, unrepeated } = await repeatFailures(run)
    expect(ended.ok).toBe(false)
    expect(unrepeated).toEqual([])
  })
})
