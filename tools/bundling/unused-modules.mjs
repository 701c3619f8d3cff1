/**
 * Modules that the command never uses, but that its dependencies load: commander for commands that are programs of their own, axios for the adapters,
 * redirects, forms and proxies that `packages/http` does not use.
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
  ],
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

/** A plugin of Rolldown that replaces the unused modules by an empty one. */
export const withoutUnusedModules = {
  name: 'without-unused-modules',
  resolveId: (id, importer) => (UNUSED[findPackage(importer)]?.includes(id) === true ? EMPTY : null),
  load: (id) => (id === EMPTY ? 'module.exports = {}' : null),
  transform: (code, id) => {
    if (!/[\\/]axios[\\/]lib[\\/]utils\.js$/.test(id)) return null
    // Reading the global FormData loads all of Node's fetch, for a kind of body that is never sent.
    if (!code.includes('G.FormData')) throw new Error('bundle: axios no longer reads the global FormData')
    return code.replaceAll('G.FormData', 'undefined')
  },
}
