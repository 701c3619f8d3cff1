import { describe, expect, it } from '@jest/globals'
import { FIELD_NAMES } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { fields } from '../../../src/commands/fields/run.ts'
import type { FieldsOptions } from '../../../src/commands/fields/options.ts'
import { readers } from 'imago'
import { memoryOutput } from '../../memory-output.ts'

const run = async (options: Partial<FieldsOptions> = {}) => {
  const output = memoryOutput()
  expect(await fields({ output: 'table', ...options }, output)).toBe(0)
  return output
}

describe('fields', () => {
  it.each(readers.map(({ provider }) => provider))('prints every field of %s once', async (provider) => {
    const rows = (await run({ provider }))
      .lines()
      .slice(1)
      .map((line) => line.split(/\s{2,}/))
    expect(rows.map(([field]) => field)).toEqual(FIELD_NAMES)
    expect(new Set(rows.map(([, name]) => name))).toEqual(new Set([provider]))
  })

  it('refuses an unknown provider', async () => {
    await expect(run({ provider: 'hetzer' })).rejects.toThrow(
      '--provider: unknown value "hetzer" (one of: hetzner, openstack). Did you mean hetzner?',
    )
  })

  it('prints the fields of all providers as JSON of its schema', async () => {
    const document = JSON.parse((await run({ output: 'json' })).text()) as { fields: unknown[] }
    const validate = new Ajv2020({ strict: false }).compile(schemas.fields)
    expect(validate(document) ? 'valid' : validate.errors).toBe('valid')
    expect(document.fields).toEqual(JSON.parse(JSON.stringify(readers.flatMap((reader) => reader.fields))))
  })

  it('prints the rules of a field', async () => {
    const rows = (await run({ provider: 'hetzner' })).lines()
    expect(rows.find((row) => row.startsWith('architecture'))).toMatch(
      /declared from architecture: .*; else inferred from created: /,
    )
    expect(rows.find((row) => row.startsWith('hidden'))).toMatch(/ {2}not provided$/)
  })

  it('prints a Markdown table for each provider', async () => {
    const text = (await run({ output: 'markdown' })).text()
    for (const { title } of readers) expect(text).toContain(`## ${title}\n`)
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toHaveLength(readers.length * (FIELD_NAMES.length + 2))
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(5)
  })
})
