import { afterAll, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { giveName } from '../../src/writer/database-writer.ts'
import { createDirectory } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const refuseLinks = (): never => {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
}

describe('giveName', () => {
  it.each([
    ['with hard links', undefined],
    ['without hard links', refuseLinks],
  ])('creates the file on a file system %s', (title, link) => {
    const [temporary, path] = [directory.file(`${title}.new`), directory.file(`${title}.db`)]
    writeFileSync(temporary, 'new')
    giveName(temporary, path, link)
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it.each([
    ['with hard links', undefined],
    ['without hard links', refuseLinks],
  ])('keeps a file that another process created meanwhile, on a file system %s', (title, link) => {
    const [temporary, path] = [directory.file(`kept ${title}.new`), directory.file(`kept ${title}.db`)]
    writeFileSync(temporary, 'new')
    writeFileSync(path, 'other')
    giveName(temporary, path, link)
    expect(readFileSync(path, 'utf8')).toBe('other')
  })
})
