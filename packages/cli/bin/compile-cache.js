import { mkdirSync } from 'node:fs'
import * as module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

const makeDirectory = (path) => {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown
  }
  return path
}

/** Creates one level at a time: Node's recursive mkdir never returns for some paths below /proc. */
const userCache = () => {
  const given = process.env.XDG_CACHE_HOME ?? ''
  const cache = makeDirectory(isAbsolute(given) ? given : join(homedir(), '.cache'))
  return makeDirectory(join(makeDirectory(join(cache, 'imago')), 'compiled'))
}

/**
 * Keeps compiled code from run to run, which Node 20 cannot do. Node's default directory is below /tmp, where other users could put code, except on Windows.
 * Without a home or a writable cache directory, nothing is kept.
 */
export const enableCompileCache = () => {
  if (module.enableCompileCache === undefined) return
  try {
    module.enableCompileCache(process.platform === 'win32' ? undefined : userCache())
  } catch {
    // imago starts a little slower.
  }
}
