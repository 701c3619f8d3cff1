#!/usr/bin/env node
import * as module from 'node:module'
import { isBundleFresh } from './bundle.js'

// Node 22 keeps compiled code from run to run; Node 20 cannot, and starts a little slower.
module.enableCompileCache?.()
await import(isBundleFresh() ? '../bundle/main.js' : '../dist/main.js')
