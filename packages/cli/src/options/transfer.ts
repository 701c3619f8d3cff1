import { choice, flag, list, choices, preset, renamed, text, type OptionsOf } from '../command-line/option.ts'
import { liveOptions } from './live.ts'
import { OVERRIDES, overrideOptions } from './overrides.ts'
import { rowOptions } from './output.ts'
import { selectionOptions } from './selection.ts'

/** What a user knows of the source. */
export const sourceOptions = {
  sourceFormat: text('<format>', 'disk format of a file or URL; it is inspected all the same'),
  compression: choice('<kind>', 'how a file or URL is compressed', ['gzip', 'xz', 'zstd', 'bzip2', 'none']),
  archive: choice('<kind>', 'whether to take the disk out of an archive; default: as the bytes of the source tell', [
    'tar',
    'none',
  ]),
  member: text('<name>', 'file in the archive that is the disk; needed only if there are several'),
}

/** What the publisher says of the source. */
export const digestOptions = {
  digest: list(
    '<algorithm:hex>',
    "check the source against its publisher's digest, before it is unpacked (repeatable)",
  ),
  digestFile: list('<file>', 'check the source against a file or URL of digests: SHA256SUMS, CHECKSUM … (repeatable)'),
}

/** Which images of a cloud are transferred. */
export const allOptions = {
  all: flag('the sources are clouds: copy all of their images that are selected'),
  except: list('<image>', 'with --all: but not this one, by ID or name (repeatable)'),
  ...selectionOptions,
}

/** What a user sets on the new image. */
export const newImageOptions = overrideOptions('New image:', OVERRIDES, {
  protect: flag('protect it against deletion'),
  diskFormat: text('<format>', 'its disk format; converted by qemu-img'),
  store: text('<name>', 'the store of the target to keep it in'),
})

/** As `ALLOWABLE_CHECKS` of the library, which is loaded when something is transferred; a test compares them. */
export const CHECKS = ['mbr', 'not-a-disk', 'truncated', 'damaged'] as const

export const allowOption = {
  allow: choices('<check>', `transfer the image although this check fails: ${CHECKS.join(', ')} (repeatable)`, CHECKS),
}

/** As `PROGRESS_KINDS` of what prints it. */
const PROGRESS = ['auto', 'bar', 'lines', 'json', 'none'] as const

/** How a transfer is run. */
export const runOptions = {
  ...liveOptions,
  yes: flag('do not ask before money is spent', { short: 'y' }),
  dryRun: flag('show the plan, and change nothing'),
  jobs: text('<number>', 'how many at the same time (default: 1)'),
  accept: choice('<level>', 'weakest verification level to accept', [
    'digest-match',
    'digest-declared',
    'size-match',
    'unverified',
  ]),
  ...allowOption,
  tolerate: renamed('<check>', '--allow'),
  keepFailed: flag('keep what a failed run made, for a look at it'),
  spool: text('<directory>', 'where images are staged'),
  spoolLimit: text('<size>', 'the most bytes that are staged at a time: 100GiB'),
  progress: preset(
    choice('<kind>', 'how to print the progress; auto: bars on a terminal, else lines', PROGRESS),
    'auto',
  ),
  ...rowOptions,
}

export const fieldsOption = { fields: flag('show each field and step of several images too') }

export const urlOption = { url: list('<url>', 'a URL of a plan, with its secrets: plans hold none (repeatable)') }

/** All that makes a plan. */
export const planningOptions = { ...sourceOptions, ...digestOptions, ...allOptions, ...newImageOptions, ...allowOption }

export type PlanningOptions = OptionsOf<typeof planningOptions>
export type OverrideOptions = OptionsOf<typeof newImageOptions & typeof sourceOptions>
export type RunOptions = OptionsOf<typeof runOptions>
