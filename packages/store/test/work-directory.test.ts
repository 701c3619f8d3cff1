import { afterAll, describe, expect, it } from '@jest/globals'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { createWorkDirectory } from '../src/work-directory.ts'
import { createDirectory } from './stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const abandon = (name: string, owner: string): string => {
  const path = directory.file(name)
  mkdirSync(path)
  writeFileSync(`${path}/owner`, owner)
  return path
}

describe('createWorkDirectory', () => {
  it('deletes those of killed processes, and no others', () => {
    // No Linux process can have this ID.
    const killed = abandon('.a.db.11111111.tmp', `4194304 ${hostname()}`)
    const others = [
      abandon('.a.db.22222222.tmp', `${process.ppid} ${hostname()}`),
      abandon('.a.db.33333333.tmp', '4194304 another-host'),
      abandon('.b.db.44444444.tmp', `4194304 ${hostname()}`),
    ]
    const work = createWorkDirectory(directory.file('a.db'))
    expect(existsSync(killed)).toBe(false)
    expect(others.filter((path) => existsSync(path))).toEqual(others)
    work.remove()
    expect(existsSync(work.file('owner'))).toBe(false)
  })
})
