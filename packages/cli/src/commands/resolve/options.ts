import { choice, flag, list, preset, required, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'

/** Equal to `EVIDENCE_LEVELS` and `PICKS` of the library, which is loaded only when the command runs. A test compares them. */
export const EVIDENCE = ['declared', 'inferred', 'assumed'] as const
export const PICK = ['only', 'newest'] as const

/** The settings of a requirement besides the want, named as in the images file. */
export const requirementOptions = {
  arch: text('<word>', 'set the architecture, if the want has none'),
  kind: list('<word>', 'accept this kind of image (repeatable)'),
  trust: list('<whom>', 'trust provider, self or owner:PROJECT-ID (repeatable; default: provider and self)'),
  evidence: choice('<level>', 'set the weakest evidence to accept (default: inferred)', EVIDENCE),
  livesAtLeast: text('<time>', 'require that the provider does not withdraw the image within this time: 90d'),
  ageAtLeast: text('<time>', 'require an age of at least: 7d'),
  pick: choice('<which>', 'choose among several: only requires a single match, newest takes the newest', PICK),
}

export const options = {
  on: required(list('<cloud>', 'resolve on this cloud (repeatable)', { completes: 'clouds' })),
  ...requirementOptions,
  why: flag('print all matches, with the reasons for refusal'),
  ...liveOptions,
  ...rowOptions,
  output: preset(format(['id', 'address', ...ROW_FORMATS]), 'id'),
}

export type ResolveOptions = OptionsOf<typeof options>
