#!/usr/bin/env node
import { isBundleFresh } from './bundle.js'
import { enableCompileCache } from './compile-cache.js'

enableCompileCache()
await import(isBundleFresh() ? '../bundle/main.js' : '../dist/main.js')
