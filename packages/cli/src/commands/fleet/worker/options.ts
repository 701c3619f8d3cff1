import { choice, flag, list, preset, text, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { connectionOptions } from '../../../options/live.ts'
import { runOptions } from '../../../options/transfer.ts'

const { jobs, spool, spoolLimit } = runOptions

export const options = {
  jobs,
  cloudLimit: list('<cloud=number>', 'run at most this many transfers of a cloud, over all workers (repeatable)'),
  inventoryStore: text('<url>', 'store inventories there: postgres://… (default: the database of the fleet)'),
  untilEmpty: flag('end when no transfer or inventory is queued or running'),
  grace: preset(text('<time>', 'when stopped, wait this long before handing transfers over: 20s, 5m'), '20s'),
  spool,
  spoolLimit,
  listen: text('<host:port>', 'serve /healthz, /readyz and /metrics (Prometheus) there: 127.0.0.1:9464'),
  log: preset(choice('<format>', 'how to log events', ['text', 'json']), 'text'),
  ...databaseOption,
  ...connectionOptions,
}

export type WorkerCommandOptions = OptionsOf<typeof options>
