import { choice, flag, list, choices, preset, renamed, text, type OptionsOf } from '../command-line/option.ts'
import { liveOptions } from './live.ts'
import { lockedOptions } from './lock.ts'
import { OVERRIDES, overrideOptions } from './overrides.ts'
import { rowOptions } from './output.ts'
import { selectionOptions, usageOptions } from './selection.ts'

/** Facts about the source, given by the user. */
export const sourceOptions = {
  sourceFormat: text('<format>', 'declare the disk format of the source (default: stated or detected)'),
  compression: choice('<kind>', 'declare the compression of the source (default: stated or detected)', [
    'gzip',
    'xz',
    'zstd',
    'bzip2',
    'none',
  ]),
  archive: choice('<kind>', 'tar: extract the disk; none: transfer the archive unchanged (default: detected)', [
    'tar',
    'none',
  ]),
  member: text('<name>', 'extract this file from the archive; required if it holds several disks'),
}

/** Digests of the source, as its publisher gives them. */
export const digestOptions = {
  digest: list('<algorithm:hex>', 'verify the source, before it is unpacked, against this digest (repeatable)'),
  digestFile: list('<file>', 'verify the source against this digest file or URL: SHA256SUMS, CHECKSUM … (repeatable)'),
}

/** `--digest` of transfers verifies the source. */
const { digest: _, ...transferSelection } = selectionOptions

/** The selection of the images to transfer. */
export const allOptions = {
  all: flag('transfer all selected images of the source clouds'),
  except: list('<image>', 'exclude this image from --all, by ID or name (repeatable)'),
  ...transferSelection,
  ...usageOptions,
}

/** The values that a user sets on the new image. */
export const newImageOptions = overrideOptions('New image:', OVERRIDES, {
  protect: flag('protect the image against deletion'),
  diskFormat: text('<format>', 'convert to this disk format with qemu-img'),
  store: text('<name>', 'write the data to this store of the target'),
})

/** Equal to the library's `ALLOWABLE_CHECKS`, which is too large to load for the help; a test compares them. */
export const CHECKS = ['mbr', 'not-a-disk', 'truncated', 'damaged'] as const

export const allowOption = {
  allow: choices('<check>', 'transfer the image even if this check fails (repeatable)', CHECKS),
}

/** Equal to `PROGRESS_KINDS`, which is not loaded for the help. */
const PROGRESS = ['auto', 'bar', 'lines', 'json', 'none'] as const

/** The options of every command that runs transfers. */
export const runOptions = {
  ...liveOptions,
  yes: flag('skip the confirmation', { short: 'y' }),
  dryRun: flag('show what would be done, and change nothing'),
  jobs: text('<number>', 'run this many transfers at a time (default: 1)'),
  accept: choice('<level>', 'set the weakest verification level to accept', [
    'digest-match',
    'digest-declared',
    'size-match',
    'unverified',
  ]),
  ...allowOption,
  tolerate: renamed('<check>', '--allow'),
  keepFailed: flag('keep what a failed run created, for inspection'),
  spool: text('<directory>', 'stage image data in this directory'),
  spoolLimit: text('<size>', 'limit the staged data to this size: 100GiB'),
  progress: preset(
    choice('<form>', 'print progress in this form; auto: bars on a terminal, else lines', PROGRESS),
    'auto',
  ),
  ...rowOptions,
}

export const fieldsOption = { fields: flag('show each field and step even for several images') }

export const urlOption = {
  url: list('<url>', 'provide the full URL of a source whose secrets were not saved (repeatable)'),
}

/** The options of every command that plans transfers. */
export const planningOptions = {
  ...sourceOptions,
  ...digestOptions,
  ...allOptions,
  ...lockedOptions,
  ...newImageOptions,
  ...allowOption,
}

export type PlanningOptions = OptionsOf<typeof planningOptions>
export type OverrideOptions = OptionsOf<typeof newImageOptions & typeof sourceOptions>
export type RunOptions = OptionsOf<typeof runOptions>
