import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Output } from '../output/stream.ts'
import { requestRows, type PrintOptions } from '../output/rows.ts'
import { Problem } from '../problem.ts'
import { CHANGE_COLUMNS, writeChanges } from './changes.ts'
import { orProblem, withFleet, type FleetProcess } from './open-fleet.ts'

const RUN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Changes the named transfers, or all with `--all`, and prints them. */
export const changeTransfers = async (
  action: 'retry' | 'cancel',
  runs: readonly string[],
  options: PrintOptions & { readonly all?: boolean | undefined; readonly database?: string | undefined },
  process: FleetProcess,
  outputs: { readonly output: Output; readonly messages: Output },
  summary: (changed: string, others: number) => string,
): Promise<ExitCode> => {
  const request = requestRows(CHANGE_COLUMNS, options)
  if (options.all === true ? runs.length > 0 : runs.length === 0)
    throw new Problem(`name the runs to ${action}, or use --all`, EXIT.usage)
  const invalid = runs.find((run) => !RUN.test(run))
  if (invalid !== undefined) throw new Problem(`not a run ID: ${invalid}. To list runs: imago fleet status`, EXIT.usage)
  return withFleet(options, process, async (fleet) => {
    const [unknown] = orProblem(await fleet.findUnknown(runs))
    if (unknown !== undefined)
      throw new Problem(`transfer not found: ${unknown}. To list transfers: imago fleet status`, EXIT.notFound)
    const changed = orProblem(await fleet[action](options.all === true ? 'all' : runs))
    const isChanged = new Set(changed)
    const listed = options.all === true ? changed : [...new Set(runs)]
    await writeChanges(
      action,
      listed.map((run) => ({ run, isChanged: isChanged.has(run) })),
      request,
      options,
      outputs,
      summary,
    )
    return EXIT.done
  })
}
