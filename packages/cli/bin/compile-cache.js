import * as module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { makeDirectory } from '../dist/make-directories.js'

/** Does not create the directory that contains the user's cache: a home that does not exist stays so. */
const createUserCache = () => {
  const given = process.env.XDG_CACHE_HOME ?? ''
  const cache = isAbsolute(given) ? given : join(homedir(), '.cache')
  const compiled = join(cache, 'imago', 'compiled')
  for (const path of [cache, join(cache, 'imago'), compiled]) makeDirectory(path, 0o700)
  return compiled
}

/**
 * Keeps compiled code from run to run, which Node 20 cannot do. Node's default directory is below /tmp, where other users could put code, except on Windows.
 * Without a home or a writable cache directory, nothing is kept.
 */
export const enableCompileCache = () => {
  if (module.enableCompileCache === undefined) return
  try {
    module.enableCompileCache(process.platform === 'win32' ? undefined : createUserCache())
  } catch {
    // imago starts a little slower.
  }
}
