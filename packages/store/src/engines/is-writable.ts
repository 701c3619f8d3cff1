import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'

/** Whether this process may write to a database and create files beside it, for journals and locks. */
export const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK)
    accessSync(dirname(path), constants.W_OK)
    return true
  } catch {
    return false
  }
}
