#!/usr/bin/env node
import * as module from 'node:module'

// Node 22 keeps compiled code from run to run; Node 20 cannot, and starts a little slower.
module.enableCompileCache?.()
await import('../dist/main.js')
