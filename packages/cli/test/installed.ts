import { describe } from '@jest/globals'
import { spawnSync } from 'node:child_process'

/** A group of tests that only a program itself can decide. Without the program they are skipped, with the reason in the name of the group. */
export const describeWith = (program: string, tests: () => void): void => {
  const isInstalled = spawnSync(program, ['--version']).error === undefined
  if (isInstalled) describe(program, tests)
  else describe.skip(`${program} (skipped: ${program} is not installed)`, tests)
}
