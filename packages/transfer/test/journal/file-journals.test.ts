import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { createFileJournals, lockPath } from '../../src/journal/file-journals.ts'
import { journalStoreSuite } from './journal-store-suite.ts'

const directories: string[] = []
afterEach(() => directories.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })))

journalStoreSuite('a directory', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'imago-journals-'))
  directories.push(dir)
  return {
    open: async () => createFileJournals({ dir }),
    abandon: async (run) => rmSync(lockPath(dir, run), { force: true }),
  }
})
