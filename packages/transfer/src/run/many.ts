import type { ImageError } from '@imago/core'
import type { Either } from 'fp-ts/lib/Either.js'
import { readRun, runsIn } from '../journal/journal.ts'
import * as E from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import { createSpool } from '../spool/spool.ts'
import { MOVE_SITE } from './context.ts'
import { move, type Machinery } from './move.ts'
import type { RunManyOptions, RunOptions, RunResult } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { RunTools } from './tools.ts'

/** Does `work` for each of `all`, `jobs` at a time; gives the answers in their order. */
const eachOf = async <A, B>(all: readonly A[], jobs: number, work: (one: A) => Promise<B>): Promise<readonly B[]> => {
  const answers: B[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < all.length) {
      const index = next++
      answers[index] = await work(all[index] as A)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, all.length)) }, worker))
  return answers
}

export const machineryOf = (tools: RunTools, { spoolDir, spoolLimit = null }: RunOptions): Machinery => ({ tools, spool: createSpool({ dir: spoolDir, limit: spoolLimit, site: MOVE_SITE }) })

/** One run for each plan, `jobs` at a time. A plan that stands there twice runs once. */
export const moveAll = async (all: readonly (Plan | string)[], options: RunManyOptions, machinery: Machinery): Promise<readonly RunResult[]> => {
  const idOf = (one: Plan | string): string => (typeof one === 'string' ? one : one.id)
  const begun = new Map<string, Promise<Either<ImageError, Outcome>>>()
  return eachOf(all, options.jobs ?? 1, async (one) => {
    const run = idOf(one)
    const answer = begun.get(run) ?? move(one, options, machinery)
    begun.set(run, answer)
    return { run, answer: await answer }
  })
}

/** The runs in a directory of journals that are not done. */
export const unfinishedRuns = async (dir: string): Promise<readonly string[]> => {
  const runs = await runsIn(dir)
  const states = await Promise.all(runs.map((run) => readRun(dir, run)))
  return runs.filter((_, index) => {
    const state = states[index]
    return state !== undefined && E.isRight(state) && state.right.outcome === null
  })
}
