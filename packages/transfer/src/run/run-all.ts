import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { readRun, listJournals } from '../journal/journal.ts'
import type { Plan } from '../plan/plan.ts'
import { runTransfer, type RunServices } from './run-transfer.ts'
import type { RunManyOptions, RunResult } from './options.ts'
import type { TransferOutcome } from '../journal/outcome.ts'

/** Runs `work` for each item, `jobs` at a time; returns the results in order. An exception is thrown only after all have ended, because callers close shared resources then. */
const mapConcurrently = async <A, B>(
  all: readonly A[],
  jobs: number,
  work: (one: A) => Promise<B>,
): Promise<readonly B[]> => {
  const results: B[] = []
  const thrown: unknown[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < all.length) {
      const index = next++
      try {
        results[index] = await work(all[index] as A)
      } catch (error) {
        thrown.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, all.length)) }, worker))
  if (thrown.length > 0) throw thrown[0]
  return results
}

/** One run for each plan, `jobs` at a time. A plan that occurs twice runs once. */
export const runAll = async (
  all: readonly (Plan | string)[],
  options: RunManyOptions,
  machinery: RunServices,
): Promise<readonly RunResult[]> => {
  const getId = (one: Plan | string): string => (typeof one === 'string' ? one : one.id)
  const begun = new Map<string, Promise<E.Either<ImageError, TransferOutcome>>>()
  return mapConcurrently(all, options.jobs ?? 1, async (one) => {
    const run = getId(one)
    const running = begun.get(run) ?? runTransfer(one, options, machinery)
    begun.set(run, running)
    return { run, result: await running }
  })
}

/** The runs in a directory of journals that are not done. */
export const listUnfinishedRuns = async (dir: string): Promise<readonly string[]> => {
  const runs = await listJournals(dir)
  const states = await Promise.all(runs.map((run) => readRun(dir, run)))
  return runs.filter((_, index) => {
    const state = states[index]
    return state !== undefined && E.isRight(state) && state.right.outcome === null
  })
}
