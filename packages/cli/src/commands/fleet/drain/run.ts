import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { orProblem, withFleet, type FleetProcess } from '../../../fleet/open-fleet.ts'
import { printMessage } from '../../../message.ts'
import { count } from '../../../output/count.ts'
import type { Output } from '../../../output/stream.ts'
import { parseDuration } from '../../../parse-duration.ts'
import type { DrainOptions } from './options.ts'

/** `imago fleet drain`: lets the workers that are alive end, and waits for it. */
export const drain = async (options: DrainOptions, process: FleetProcess, messages: Output): Promise<ExitCode> => {
  const timeoutMs = parseDuration('--timeout', options.timeout)
  const intervalMs = parseDuration('--interval', options.interval)
  return withFleet(options, process, async (fleet) => {
    const workers = orProblem(await fleet.drain())
    printMessage(messages, `imago: draining ${count(workers.length, 'worker')}`)
    await messages.end()
    const end = Date.now() + timeoutMs
    let alive = workers
    while (alive.length > 0 && Date.now() < end) {
      await sleep(Math.min(intervalMs, Math.max(0, end - Date.now())))
      alive = orProblem(await fleet.listAlive(workers))
    }
    if (alive.length > 0)
      printMessage(
        messages,
        `imago: timed out after ${options.timeout} (--timeout): ${count(alive.length, 'worker')} still running. Retry later, or allow more time`,
      )
    await messages.end()
    return alive.length > 0 ? EXIT.temporary : EXIT.done
  })
}
