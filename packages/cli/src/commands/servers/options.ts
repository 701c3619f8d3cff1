import { list, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'

export const options = {
  name: list('<name>', 'select by exact name'),
  label: list('<selector>', 'select by labels: env, !env, env=prod, "env in (a,b)"; a comma means AND'),
  ...liveOptions,
  ...rowOptions,
}

export type ServersOptions = OptionsOf<typeof options>
