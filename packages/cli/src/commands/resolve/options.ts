import { choice, flag, list, preset, required, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'

/** Equal to `EVIDENCE_LEVELS` and `PICKS` of the library, which is loaded only when the command runs. A test compares them. */
export const EVIDENCE = ['declared', 'inferred', 'assumed'] as const
export const PICK = ['only', 'newest'] as const

/** The settings of a requirement besides the want, named as in the images file. */
export const requirementOptions = {
  arch: text('<arch>', 'set the architecture, if the requirement has none'),
  kind: list('<kind>', 'accept this kind of image (repeatable)'),
  trust: list(
    '<owner>',
    'accept images of this owner: provider, self or owner:PROJECT-ID (repeatable; default: provider, self)',
  ),
  evidence: choice('<level>', 'set the weakest evidence to accept (default: inferred)', EVIDENCE),
  livesAtLeast: text('<time>', 'refuse images that the provider withdraws within this time: 90d'),
  ageAtLeast: text('<time>', 'refuse images that are newer than this: 7d'),
  pick: choice('<rule>', 'set what happens if several images match; only: fail, newest: take the newest', PICK),
}

export const options = {
  on: required(list('<cloud>', 'search this cloud (repeatable)', { completes: 'clouds' })),
  ...requirementOptions,
  why: flag('print all candidates, with the reason for each refusal'),
  ...liveOptions,
  ...rowOptions,
  output: preset(format(['id', 'address', ...ROW_FORMATS]), 'id'),
}

export type ResolveOptions = OptionsOf<typeof options>
