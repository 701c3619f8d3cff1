#!/usr/bin/env node
import * as module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { isBundleFresh } from './bundle.js'

/** Node's default, below /tmp, is writable by others on Unix, who could put code there. `undefined`: Node's default, which is the user's own on Windows. */
const compileCache = () => {
  if (process.platform === 'win32') return undefined
  const given = process.env.XDG_CACHE_HOME ?? ''
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'imago', 'compiled')
}

// Node 22 keeps compiled code from run to run; Node 20 cannot, and starts a little slower. Without a writable directory, nothing is kept.
module.enableCompileCache?.(compileCache())
await import(isBundleFresh() ? '../bundle/main.js' : '../dist/main.js')
