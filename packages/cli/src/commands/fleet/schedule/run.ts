import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { orProblem, withFleet, type FleetProcess } from '../../../fleet/open-fleet.ts'
import { printMessage } from '../../../message.ts'
import type { Output } from '../../../output/stream.ts'
import { Problem } from '../../../problem.ts'
import type { ScheduleOptions } from './options.ts'

const NAME = /^[\w-]{1,64}$/

/** `imago fleet schedule`: adds, replaces or deletes a schedule. */
export const schedule = async (
  name: string,
  clouds: readonly string[],
  options: ScheduleOptions,
  process: FleetProcess,
  messages: Output,
): Promise<ExitCode> => {
  const { cron, timeZone: timezone, remove } = options
  if (!NAME.test(name))
    throw new Problem(`invalid name ${JSON.stringify(name)}. Use up to 64 letters, digits, - and _`, EXIT.usage)
  if ((cron === undefined) === (remove !== true))
    throw new Problem('either --cron or --remove is required. Name one of them', EXIT.usage)
  return withFleet(options, process, async (fleet) => {
    if (cron === undefined) {
      if (!orProblem(await fleet.unschedule(name)))
        throw new Problem(`schedule not found: ${name}. List them with: imago fleet status`, EXIT.notFound)
      printMessage(messages, `imago: schedule ${name} deleted`)
    } else {
      orProblem(await fleet.schedule({ name, cron, timezone, clouds }))
      printMessage(messages, `imago: schedule ${name} stored`)
    }
    await messages.end()
    return EXIT.done
  })
}
