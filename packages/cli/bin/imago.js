#!/usr/bin/env node
// CommonJS, like the bundle: see package.json.
const { BUNDLE, isBundleFresh } = require('./bundle.js')

/** Runs the bundle. Node's own `require` looks for each file in several places, and cannot be given compiled code. */
const runBundle = () => {
  const { readFileSync } = require('node:fs')
  const path = require('node:path')
  const vm = require('node:vm')
  const { openCodeCache } = require('./code-cache.js')

  const command = /^[a-z-]{1,32}$/.exec(process.argv[2] ?? '')?.[0] ?? 'imago'
  const cache = openCodeCache(command, readFileSync(path.join(BUNDLE, 'digest.txt'), 'latin1'))
  /** For packages that are not in the bundle. */
  const importPackage = (name) => import(name)
  const modules = new Map()
  const load = (name) => {
    // The chunks are beside each other. Everything else is a module of Node or a package.
    if (!name.startsWith('./')) return require(name)
    const loaded = modules.get(name)
    if (loaded !== undefined) return loaded.exports
    const filename = path.join(BUNDLE, name)
    const script = new vm.Script(
      `(function (exports, require, module, __filename, __dirname, importPackage) {${readFileSync(filename, 'latin1')}\n})`,
      { filename, cachedData: cache.read(name) },
    )
    cache.add(name, script)
    const module = { exports: {} }
    modules.set(name, module)
    script.runInThisContext()(module.exports, load, module, filename, BUNDLE, importPackage)
    return module.exports
  }
  load('./main.js')
}

if (isBundleFresh()) runBundle()
else void import('../dist/main.js')
