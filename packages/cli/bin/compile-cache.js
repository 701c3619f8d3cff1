const { mkdirSync } = require('node:fs')
const nodeModule = require('node:module')
const { homedir } = require('node:os')
const path = require('node:path')

/** As in `src/make-directories.ts`, which is an ES module: loading it would take longer than this. */
const makeDirectory = (directory) => {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown
  }
}

/** Does not create the directory that contains the user's cache: a home that does not exist stays so. */
const createUserCache = () => {
  const given = process.env.XDG_CACHE_HOME ?? ''
  const cache = path.isAbsolute(given) ? given : path.join(homedir(), '.cache')
  const compiled = path.join(cache, 'imago', 'compiled')
  for (const directory of [cache, path.join(cache, 'imago'), compiled]) makeDirectory(directory)
  return compiled
}

/**
 * Keeps compiled code from run to run, which Node 20 cannot do. Node's default directory is below /tmp, where other users could put code, except on Windows.
 * Without a home or a writable cache directory, nothing is kept.
 */
const enableCompileCache = () => {
  if (nodeModule.enableCompileCache === undefined) return
  try {
    nodeModule.enableCompileCache(process.platform === 'win32' ? undefined : createUserCache())
  } catch {
    // imago starts a little slower.
  }
}

exports.enableCompileCache = enableCompileCache
