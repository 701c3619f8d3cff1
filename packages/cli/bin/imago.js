#!/usr/bin/env node
// CommonJS, like the bundle: see package.json.
const { isBundleFresh } = require('./bundle.js')
const { enableCompileCache } = require('./compile-cache.js')

enableCompileCache()
if (isBundleFresh()) require('../bundle/main.js')
else void import('../dist/main.js')
