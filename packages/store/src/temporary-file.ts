import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'

/** A temporary name beside `path`, for an incomplete file. */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
