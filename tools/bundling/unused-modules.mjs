/**
 * Modules that the command never uses, but that its dependencies load: commander for commands that are programs of their own, axios for the adapters,
 * redirects, forms, proxies and compression that `packages/http` does not use.
 */
const UNUSED = {
  commander: ['node:child_process'],
  axios: [
    './xhr.js',
    './fetch.js',
    '../env/classes/FormData.js',
    'follow-redirects',
    'form-data',
    'https-proxy-agent',
    'http2',
    'zlib',
  ],
}
/**
 * Globals of Node that axios reads, and that load a module when they are read: all of fetch, for a kind of body that is never sent; a clock, for a duration that
 * `packages/http` does not use; the name of a browser.
 */
const UNUSED_GLOBALS = {
  'utils.js': ['G.FormData', 'undefined'],
  'core/dispatchRequest.js': ["typeof performance !== 'undefined'", 'false'],
  'platform/common/utils.js': ["typeof navigator === 'object'", 'false'],
}
const EMPTY = '\0empty'

/** The package that contains a file; `null`: none. */
const findPackage = (path) => {
  const names = (path ?? '').split(/[\\/]/)
  const at = names.lastIndexOf('node_modules')
  if (at < 0) return null
  const [name, inScope] = names.slice(at + 1)
  return name?.startsWith('@') ? `${name}/${inScope}` : (name ?? null)
}

/** A plugin of Rolldown that replaces the unused modules by an empty one. axios reads the constants of `zlib` when it is loaded. */
export const withoutUnusedModules = {
  name: 'without-unused-modules',
  resolveId: (id, importer) => (UNUSED[findPackage(importer)]?.includes(id) === true ? EMPTY : null),
  load: (id) => (id === EMPTY ? 'module.exports = { constants: {} }' : null),
  transform: (code, id) => {
    const [, file] = id.replaceAll('\\', '/').split('/axios/lib/')
    const global = UNUSED_GLOBALS[file]
    if (global === undefined) return null
    const [read, replacement] = global
    if (!code.includes(read)) throw new Error(`bundle: axios/lib/${file} no longer contains ${read}`)
    return code.replaceAll(read, replacement)
  },
}
