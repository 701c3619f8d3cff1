import { ImageException, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { readRun } from '../journal/journal.ts'
import type { JournalStore } from '../journal/journal-store.ts'
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

/** The runs of a store that are not done. Throws an `ImageException` if they cannot be listed. */
export const listUnfinishedRuns = async (journals: JournalStore): Promise<readonly string[]> => {
  const runs = await journals.list()
  if (E.isLeft(runs)) throw new ImageException(runs.left)
  const read = await Promise.all(runs.right.map((run) => readRun(journals, run)))
  return runs.right.filter((_, index) => {
    const one = read[index]
    return one !== undefined && E.isRight(one) && one.right.state.outcome === null
  })
}
