import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGES = ['transfer', 'http', 'provider-kit', 'core']

/** Options of the command in a string. Programs that imago runs have options, too: those follow a quote. */
const OPTION = /[^-'"`\s]\s--[a-z][a-z-]+|\bimago (?:resume|cleanup|plan|apply|copy|set)\b/

const listSources = (name: string): readonly string[] => {
  const dir = join(__dirname, '..', '..', name, 'src')
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(dir, file))
}

const isComment = (line: string): boolean => /^\s*(?:\*|\/\*|\/\/)/.test(line)

describe('hints of transfers', () => {
  it.each(PACKAGES)('texts of %s contain no options of the command: remedies are data', (name) => {
    const found = listSources(name).flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => !isComment(line) && OPTION.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })
})
