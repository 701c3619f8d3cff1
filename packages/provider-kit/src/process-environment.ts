import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import type { Environment, FileContent } from './environment.ts'

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
])

/** The read permissions of group and others. */
const OPEN_TO_OTHERS = 0o044

const readFile = (path: string, platform: string): FileContent => {
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    // Windows has no such modes: Node invents them.
    const isOpenToOthers = platform !== 'win32' && (fstatSync(file).mode & OPEN_TO_OTHERS) !== 0
    return { _tag: 'text', text: readFileSync(file, 'utf8'), isOpenToOthers }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { _tag: 'missing' }
      : { _tag: 'unreadable', reason: REASONS.get(code) ?? code }
  } finally {
    if (file !== null) closeSync(file)
  }
}

/** Creates the environment of a running process. */
export const processEnvironment = (process: Pick<NodeJS.Process, 'env' | 'cwd' | 'platform'>): Environment => ({
  variables: process.env,
  workingDirectory: process.cwd(),
  home: homedir(),
  platform: process.platform,
  readFile: (path) => readFile(path, process.platform),
})
