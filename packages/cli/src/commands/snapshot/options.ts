import { choice, list, negation, preset, renamed, type OptionsOf } from '../../command-line/option.ts'
import { connectionOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { overrideOptions, renamedOverrides } from '../../options/overrides.ts'
import { dryRunOption, waitOptions } from '../../options/writing.ts'

export const options = {
  label: list('<selector>', 'select by labels: env, !env, env=prod, "env in (a,b)"; a comma means AND'),
  cloud: list('<name>', 'search this cloud (repeatable; default: all)', {
    completes: 'clouds',
  }),
  ...overrideOptions('New image:', ['setName', 'setDescription', 'setLabel'], {
    setKind: preset(choice('<kind>', 'set the kind', ['snapshot', 'backup']), 'snapshot'),
  }),
  ...renamedOverrides(['setName', 'setDescription']),
  kind: renamed('<kind>', '--set-kind'),
  wait: negation('do not wait for the operation to finish'),
  ...waitOptions,
  ...dryRunOption,
  ...connectionOptions,
  ...imageOptions,
}

export type SnapshotOptions = OptionsOf<typeof options>
