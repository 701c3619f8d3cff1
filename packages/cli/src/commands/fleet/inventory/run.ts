import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { listCloudNames } from '../../../fleet/inventory-clouds.ts'
import { orProblem, withFleet, type FleetProcess } from '../../../fleet/open-fleet.ts'
import type { LiveContext } from '../../../live.ts'
import { printMessage } from '../../../message.ts'
import { count } from '../../../output/count.ts'
import type { InventoryCommandOptions } from './options.ts'

/** `imago fleet inventory`: queues inventories now. */
export const inventory = async (
  names: readonly string[],
  options: InventoryCommandOptions,
  live: LiveContext,
  process: FleetProcess,
): Promise<ExitCode> => {
  const clouds = listCloudNames(live, names)
  return withFleet(options, process, async (fleet) => {
    orProblem(await fleet.sendInventories(clouds))
    printMessage(live.messages, `imago: inventories of ${count(clouds.length, 'cloud')} are queued or in progress`)
    await live.messages.end()
    return EXIT.done
  })
}
