import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'

/** A name beside `path`, for a file that is not whole yet. */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
