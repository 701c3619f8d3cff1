import type { Statements } from '../database/database.ts'
import type { Queue } from '../queue/queue.ts'
import type { TransferEntry } from './to-entry.ts'

/** The number of transfers that were added, and of those that had been submitted before. */
export interface Submitted {
  readonly added: readonly string[]
  readonly known: readonly string[]
}

/** Rows of a statement: the values of a plan have some ten kilobytes. */
const AT_ONCE = 200

const INSERT = `
  INSERT INTO imago_fleet.transfer (run, plan, settings, title, source_cloud, target_cloud, bytes)
  SELECT * FROM unnest($1::uuid[], $2::json[], $3::json[], $4::text[], $5::text[], $6::text[], $7::bigint[])
  ON CONFLICT (run) DO NOTHING
  RETURNING run`

/** Adds transfers with their jobs, in the transaction. A plan that was submitted before, in any state, is the same transfer and remains as it is. */
export const submit = async (
  statements: Statements,
  queue: Queue,
  entries: readonly TransferEntry[],
): Promise<Submitted> => {
  const unique = [...new Map(entries.map((entry) => [entry.run, entry])).values()]
  const added: string[] = []
  for (let at = 0; at < unique.length; at += AT_ONCE) {
    const some = unique.slice(at, at + AT_ONCE)
    const rows = await statements.rows<{ readonly run: string }>(INSERT, [
      some.map(({ run }) => run),
      some.map(({ plan }) => JSON.stringify(plan)),
      some.map(({ settings }) => JSON.stringify(settings)),
      some.map(({ title }) => title),
      some.map(({ sourceCloud }) => sourceCloud),
      some.map(({ targetCloud }) => targetCloud),
      some.map(({ bytes }) => bytes),
    ])
    added.push(...rows.map(({ run }) => run))
  }
  await queue.send(
    statements,
    added.map((run) => ({ run })),
  )
  const isAdded = new Set(added)
  return { added, known: unique.flatMap(({ run }) => (isAdded.has(run) ? [] : [run])) }
}
