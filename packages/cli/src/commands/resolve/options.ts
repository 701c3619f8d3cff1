import { choice, flag, list, preset, required, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'

/** As `EVIDENCE_LEVELS` and `PICKS` of the library, which is loaded when the command runs; a test compares them. */
export const EVIDENCE = ['declared', 'inferred', 'assumed'] as const
export const PICK = ['only', 'newest'] as const

/** What a wish may state besides the want: named as in the file of wanted images. */
export const wishOptions = {
  arch: text('<word>', 'architecture, if the want does not name one'),
  kind: list('<word>', 'accept this kind of image (repeatable)'),
  trust: list('<whom>', 'trust provider, self or owner:PROJECT-ID (repeatable; default: provider and self)'),
  evidence: choice('<level>', 'weakest evidence to accept (default: inferred)', EVIDENCE),
  livesAtLeast: text('<time>', 'the provider must not withdraw it within this time: 90d'),
  ageAtLeast: text('<time>', 'it must have been created this long ago: 7d'),
  pick: choice('<which>', 'of several: only accepts no other, newest takes the one created last', PICK),
}

export const options = {
  on: required(list('<cloud>', 'resolve on this cloud (repeatable)', { completes: 'clouds' })),
  ...wishOptions,
  why: flag('print every image that fits, and why it is not used'),
  ...liveOptions,
  ...rowOptions,
  output: preset(format(['id', 'address', ...ROW_FORMATS]), 'id'),
}

export type ResolveOptions = OptionsOf<typeof options>
