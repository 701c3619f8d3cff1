import { IMAGES_FILE_NAME, LOCK_FILE_NAME } from '../options/lock.ts'

/** The files of a command that pins images. */
export interface LockFiles {
  /** The images file. Default: the default name, or unknown. */
  readonly file?: string | undefined
  readonly lockFile: string
}

/** Quotes a word for a POSIX shell if it needs quotes. */
const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** The command that pins images in the same files, for hints: `imago update web --lock-file ci.lock.json`. */
export const formatLockCommand = (
  name: 'lock' | 'update',
  { file = IMAGES_FILE_NAME, lockFile }: LockFiles,
  images: readonly string[] = [],
): string =>
  [
    'imago',
    name,
    ...images,
    ...(file === IMAGES_FILE_NAME ? [] : ['--file', file]),
    ...(lockFile === LOCK_FILE_NAME ? [] : ['--lock-file', lockFile]),
  ]
    .map(quoteWord)
    .join(' ')
