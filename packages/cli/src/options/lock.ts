import { flag, preset, text, type OptionsOf } from '../command-line/option.ts'

/** As `LOCK_FILE` and `IMAGES_FILE` of the library, which is loaded when a command runs; a test compares them. */
export const LOCK_FILE_NAME = 'images.lock.json'
export const IMAGES_FILE_NAME = 'imago.images.yaml'

export const lockFileOption = {
  lockFile: preset(text('<file>', 'use this lock file'), LOCK_FILE_NAME),
}

/** The options of every command that writes a lock file. */
export const imagesFileOptions = {
  file: preset(text('<file>', 'use this images file'), IMAGES_FILE_NAME),
  ...lockFileOption,
}

/** The options of every command that can take images from a lock file. */
export const lockedOptions = {
  locked: flag('look the name up in the lock file instead of the cloud'),
  lockFile: text('<file>', `use this lock file (default: ${LOCK_FILE_NAME})`),
}

export type ImagesFileOptions = OptionsOf<typeof imagesFileOptions>
export type LockedOptions = OptionsOf<typeof lockedOptions>
