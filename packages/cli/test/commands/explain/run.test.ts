import { describe, expect, it } from '@jest/globals'
import { FIELD_NAMES } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { explain } from '../../../src/commands/explain/run.ts'
import type { ExplainOptions } from '../../../src/commands/explain/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { memoryOutput } from '../../memory-output.ts'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE, nested } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const save = (name: string, document: unknown): string => folder.file(name, JSON.stringify(document))

const run = async (file: string, options: Partial<ExplainOptions> = {}, terminal = false) => {
  const output = memoryOutput(terminal ? { isTerminal: true, width: 300 } : {})
  const messages = memoryOutput()
  const code = await explain(file, { output: 'table', ...options }, output, messages)
  return { code, output, messages }
}

const file = save('two.json', [glance({ id: 'first', os_distro: 'ubuntu' }), hetzner({ id: 42 })])

describe('explain', () => {
  it('prints one field on a terminal in complete lines', async () => {
    const { output } = await run(file, { id: 'first', field: 'os.distro' }, true)
    expect(output.lines().slice(1)).toEqual([
      'FIELD     os.distro',
      'VALUE     ubuntu',
      'EVIDENCE  declared',
      'FROM      /os_distro = "ubuntu"',
      expect.stringMatching(/^RULE {6}\S/),
    ])
  })

  it('prints rows for programs, with the image on request', async () => {
    expect(
      (await run(file, { field: 'os.distro', output: 'value', columns: 'id,value,evidence' })).output.lines(),
    ).toEqual(['first\tubuntu\tdeclared', '42\tubuntu\tdeclared'])
    expect((await run(file, { id: '42', quiet: true })).output.lines()).toEqual(FIELD_NAMES)
  })

  it('prints the value, evidence, source and rule of each field', async () => {
    const { output, code } = await run(file, { id: '42' })
    const [header, titles, ...rows] = output.lines()
    expect(header).toBe('hetzner:42  before the upgrade  (dialect: api)')
    expect(titles?.split(/\s{2,}/)).toEqual(['FIELD', 'VALUE', 'EVIDENCE', 'FROM', 'RULE'])
    expect(rows.map((row) => row.split(/\s/)[0])).toEqual(FIELD_NAMES)
    expect(
      rows
        .find((row) => row.startsWith('architecture'))
        ?.split(/\s{2,}/)
        .slice(0, 4),
    ).toEqual(['architecture', 'x86_64', 'declared', '/architecture = "x86"'])
    expect(
      rows
        .find((row) => row.startsWith('visibility'))
        ?.split(/\s{2,}/)
        .slice(0, 4),
    ).toEqual(['visibility', 'private', 'inferred', '/type = "snapshot"'])
    expect(rows.find((row) => row.startsWith('hidden'))).toMatch(
      /-\s+unsupported\s+-\s+Hetzner Cloud does not report this field$/,
    )
    expect(code).toBe(EXIT.done)
  })

  it('prints all images', async () => {
    const headers = (await run(file)).output.lines().filter((line) => line.includes('(dialect:'))
    expect(headers).toEqual([
      'openstack:first  debian-12  (dialect: api)',
      'hetzner:42  before the upgrade  (dialect: api)',
    ])
  })

  it('prints only the fields of --field', async () => {
    const { output } = await run(file, { id: 'first', field: 'os.family' })
    expect(output.lines()).toHaveLength(3)
    expect(output.lines()[2]).toMatch(/^os\.family\s+linux\s+inferred\s+\/os_distro = "ubuntu"/)
  })

  it('accepts the name of a field in the record', async () => {
    const sdk = save('sdk.json', {
      id: 'x',
      is_protected: true,
      is_hidden: false,
      owner_id: 'o',
      status: 'active',
      visibility: 'public',
      properties: {},
    })
    expect((await run(sdk, { field: 'protected' })).output.lines()[2]).toMatch(
      /^protected\s+true\s+declared\s+\/is_protected \(protected\) = true/,
    )
  })

  it('prints JSON of its schema', async () => {
    const validate = new Ajv2020({ strict: false }).addSchema(schemas.image).compile(schemas.explanation)
    const document = JSON.parse((await run(file, { output: 'json' })).output.text()) as {
      explanations: { fields: { field: string }[] }[]
    }
    expect(validate(document) ? 'valid' : validate.errors).toBe('valid')
    expect(document.explanations.map(({ fields }) => fields.map(({ field }) => field))).toEqual([
      FIELD_NAMES,
      FIELD_NAMES,
    ])
    const one = JSON.parse((await run(file, { output: 'json', id: '42', field: 'name' })).output.text()) as unknown
    expect(one).toMatchObject({
      explanations: [{ ref: { id: '42' }, fields: [{ field: 'name', value: null, evidence: 'declared' }] }],
    })
  })

  it('suggests the nearest ID for an unknown one', async () => {
    await expect(run(file, { id: 'frist' })).rejects.toMatchObject({
      exitCode: EXIT.notFound,
      message: 'image not found: frist (2 images read). Did you mean first?',
    })
  })

  it('suggests the nearest field for an unknown one', async () => {
    await expect(run(file, { field: 'nmae' })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: '--field: unknown value "nmae". Did you mean name? To list the fields, run: imago fields',
    })
  })

  it('reports rejected records', async () => {
    const { messages, code } = await run(save('bad.json', [glance(), {}]))
    expect(messages.text()).toContain('bad.json:1: /1: not a recognized image record')
    expect(code).toBe(EXIT.findings)
  })

  it('masks secrets in URLs, also in shortened values', async () => {
    const password = 'hunter2'.repeat(20)
    const record = glance({
      name: `https://user:${password}@host/`,
      image_source: `https://user:${password}@host/?sig=S3CRET`,
      description: `an image from https://user:${password}@host/`,
    })
    const secret = save('secret.json', record)
    for (const output of ['table', 'json'] as const) {
      expect((await run(secret, { output })).output.text()).not.toMatch(/hunter|S3CRET/)
      expect((await run(secret, { output, showSecrets: true })).output.text()).toMatch(/hunter/)
    }
  })

  it.each(['table', 'json'] as const)('%s passes no control characters of a record to a terminal', async (output) => {
    const hostile = save('hostile.json', glance({ id: HOSTILE, name: HOSTILE, [HOSTILE]: HOSTILE, tags: [HOSTILE] }))
    expect((await run(hostile, { output }, true)).output.text()).not.toMatch(DRIVES_TERMINAL)
  })

  it('prints a source of the maximum depth', async () => {
    const deep = folder.file(
      'deep.json',
      `${JSON.stringify(hetzner({ labels: undefined })).slice(0, -1)},"labels":${nested(2000)}}`,
    )
    const { output, code } = await run(deep, { field: 'labels' })
    expect(output.lines()[2]).toMatch(/^labels\s+\{\}\s+unknown/)
    expect(code).toBe(EXIT.done)
    const { output: json } = await run(deep, { field: 'labels', output: 'json' })
    expect(json.text().includes(nested(2000))).toBe(true)
  })

  it('prints complete values, sources and rules on a terminal of 80 columns', async () => {
    const digest = 'ab'.repeat(64)
    const narrow = memoryOutput({ isTerminal: true, width: 80 })
    const record = glance({ os_hash_algo: 'sha512', os_hash_value: digest })
    await explain(save('narrow.json', record), { output: 'table' }, narrow, memoryOutput())
    const [, heading, ...lines] = narrow.lines()
    expect(heading).toBe('FIELD             EVIDENCE')
    expect(narrow.text()).toContain(`"value":"${digest}"`)
    expect(narrow.text()).not.toContain('…')
    // A word is not broken, even if it is longer than the space beside the keys.
    expect(lines.filter((line) => line.length > 80 && !/\S{47}/.test(line))).toEqual([])
    expect(lines.filter((line) => line.startsWith('architecture'))).toHaveLength(1)
  })
})
