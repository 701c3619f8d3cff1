import { describe, expect, it } from '@jest/globals'
import { schemaNames, schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { parse } from 'yaml'
import { normalize } from '../../../src/commands/normalize/run.ts'
import type { NormalizeOptions } from '../../../src/commands/normalize/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { normalize as library } from 'imago'
import { IMAGE_FORMATS } from '../../../src/options/output.ts'
import { Problem } from '../../../src/problem.ts'
import { ZSTD } from '../../input/zstd-fixture.ts'
import { memoryOutput } from '../../memory-output.ts'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const SCHEMAS = join(__dirname, '../../../../../schemas')

const run = async (files: readonly string[], options: Partial<NormalizeOptions> = {}, terminal = false) => {
  const output = memoryOutput(terminal ? { isTerminal: true, width: 120 } : {})
  const messages = memoryOutput(terminal ? { isTerminal: true, width: 120 } : {})
  const code = await normalize(files, { output: 'ndjson', ...options }, output, messages)
  return {
    code,
    output,
    messages,
    images: () =>
      output
        .lines()
        .map((line) => JSON.parse(line) as Record<string, unknown> & { ref: { id: string; provider: string } }),
  }
}
const save = (name: string, document: unknown): string => folder.file(name, JSON.stringify(document))

const ajv = new Ajv2020({ strict: false })
for (const name of schemaNames) ajv.addSchema(schemas[name])
const agreesWith = (name: string, document: unknown): unknown => {
  const validate = ajv.getSchema(`urn:imago:schema:${name}:1`)
  if (validate === undefined) throw new Error(`no schema ${name}`)
  return validate(document) === true ? 'valid' : validate.errors
}

const both = save('both.json', [hetzner(), glance({ name: 'x' })])

describe('formats', () => {
  it('prints a table', async () => {
    const { output, code } = await run([both], { output: 'table' })
    expect(output.lines().map((line) => line.split(/\s{2,}/))).toEqual([
      ['PROVIDER', 'ID', 'NAME', 'KIND', 'STATUS', 'OS', 'ARCH', 'STORED', 'MIN DISK', 'CREATED'],
      [
        'hetzner',
        '322189934',
        '(before the upgrade)',
        'snapshot',
        'available',
        'ubuntu 24.04',
        'x86_64',
        '488 MiB',
        '19.1 GiB',
        '2026-03-09T17:55:14Z',
      ],
      [
        'openstack',
        '6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70',
        'x',
        'image',
        'available',
        '-',
        '-',
        '1.0 KiB',
        '2.0 GiB',
        '2026-11-22T16:14:52Z',
      ],
    ])
    expect(code).toBe(EXIT.done)
  })

  it('prints json and yaml of the schema of images, and lines of ndjson of the schema of an image', async () => {
    const json = JSON.parse((await run([both], { output: 'json' })).output.text()) as unknown
    expect(agreesWith('images', json)).toBe('valid')
    expect(parse((await run([both], { output: 'yaml' })).output.text())).toEqual(json)
    const { images } = await run([both])
    expect(images().map((image) => agreesWith('image', image))).toEqual(['valid', 'valid'])
    const { images: listed } = json as { images: object[] }
    expect(images()).toEqual(listed.map((image) => ({ $schema: 'urn:imago:schema:image:1', ...image })))
    expect(agreesWith('images', { $schema: 'urn:imago:schema:images:1', images: [{}] })).not.toBe('valid')
  })

  it('prints csv', async () => {
    const { output } = await run([both], { output: 'csv', columns: 'provider,id,name,size.minDisk,createdAt' })
    expect(output.text()).toBe(
      'provider,id,name,size.minDisk,createdAt\nhetzner,322189934,,20480000000,2026-03-09T17:55:14Z\nopenstack,6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70,x,2147483648,2026-11-22T16:14:52Z\n',
    )
  })

  it.each(IMAGE_FORMATS)('prints the same %s for the same input', async (output) => {
    const options = { output, evidence: output !== 'csv' && output !== 'value' }
    const once = (await run([both], options)).output.text()
    expect((await run([both], options)).output.text()).toBe(once)
    expect(once).not.toBe('')
  })

  it('prints the same images as the library returns', async () => {
    const records = [hetzner(), glance()]
    const { output } = await run([save('same.json', records)], { output: 'json' })
    expect(JSON.parse(output.text())).toMatchObject({ images: JSON.parse(JSON.stringify(library(records).items)) })
  })
})

describe('input', () => {
  const record = JSON.stringify(glance({ id: 'a' }))
  const two = `${record}\n${JSON.stringify(glance({ id: 'b' }))}\n`

  it.each<[string, string | Uint8Array, readonly string[]]>([
    ['object.json', record, ['a']],
    ['array.json', `[${record}]`, ['a']],
    ['pages.json', `[{"images":[${record}]},{"images":[${JSON.stringify(hetzner())}]}]`, ['a', '322189934']],
    ['images.json', `{"images":[${record}],"schema":"/v2/schemas/images","first":"/v2/images"}`, ['a']],
    ['hetzner-page.json', JSON.stringify({ images: [hetzner()], meta: { pagination: { page: 1 } } }), ['322189934']],
    ['hetzner-image.json', JSON.stringify({ image: hetzner() }), ['322189934']],
    [
      'create-image.json',
      JSON.stringify({ image: hetzner(), action: { id: 1, command: 'create_image' } }),
      ['322189934'],
    ],
    ['server.json', JSON.stringify({ server: { id: 5, server_type: { id: 1 }, image: hetzner() } }), ['322189934']],
    [
      'hcloud-all.json',
      JSON.stringify({ firewalls: [], images: [hetzner()], servers: [], volumes: [{ id: 4 }] }),
      ['322189934'],
    ],
    ['two.ndjson', two, ['a', 'b']],
    ['mixed.ndjson', `${record}\n${JSON.stringify(hetzner())}\n`, ['a', '322189934']],
    ['one.yaml', 'id: a\nstatus: active\nvisibility: public\ndisk_format: raw\ncontainer_format: bare\n', ['a']],
    ['no-name', `- ${record}\n- {"id": 7, "type": "snapshot", "os_flavor": "debian"}\n`, ['a', '7']],
    ['members.gz', Buffer.concat([zlib.gzipSync(`${record}\n`), zlib.gzipSync(two)]), ['a', 'a', 'b']],
    ['one.zst', ZSTD.one, ['1']],
    ['powershell.json', Buffer.from(`\ufeff[\r\n${record}\r\n]\r\n`, 'utf16le'), ['a']],
    ['bom.json', `\ufeff${record}`, ['a']],
  ])('reads %s', async (name, content, ids) => {
    const { images, messages, code } = await run([folder.file(name, content)])
    expect({ ids: images().map(({ ref }) => ref.id), messages: messages.text(), code }).toEqual({
      ids,
      messages: '',
      code: EXIT.done,
    })
  })

  it.each([
    ['images first', { images: [hetzner()], servers: [{ id: 1, server_type: {}, image: hetzner({ id: 9 }) }] }],
    ['servers first', { servers: [{ id: 1, server_type: {}, image: hetzner({ id: 9 }) }], images: [hetzner()] }],
  ])('reads images and servers in one document like the library: %s', async (name, document) => {
    const { images } = await run([save(`${name}.json`, document)])
    expect(images().map(({ ref }) => ref.id)).toEqual(library(document).items.map(({ ref }) => ref.id))
  })

  const dumps = ['hetzner', 'openstack'].flatMap((provider) =>
    readdirSync(join(SCHEMAS, provider, 'fixtures/dumps'))
      .filter((name) => /\.(json|ndjson|yaml)$/.test(name) && !name.startsWith('hand-'))
      .map((name) => [provider, name] as const),
  )
  it.each(dumps)('reads every record of %s %s', async (provider, name) => {
    const { images, messages, code } = await run([join(SCHEMAS, provider, 'fixtures/dumps', name)])
    // Servers that hcloud-python writes as texts are reported.
    expect(messages.text()).toMatch(
      name.endsWith('-str.json') ? /^13 images, 0 rejected, 5 differences [^\n]*\n$/ : /^$/,
    )
    expect(code).toBe(EXIT.done)
    expect(images().length).toBeGreaterThan(0)
    expect(new Set(images().map(({ ref }) => ref.provider))).toEqual(new Set([provider]))
    for (const image of images()) expect(agreesWith('image', image)).toBe('valid')
  })

  const foreign = readdirSync(join(SCHEMAS, 'openstack/fixtures/dumps')).filter(
    (name) => name.startsWith('hand-') || /\.(csv|txt)$/.test(name),
  )
  it.each(foreign)('refuses %s', async (name) => {
    const { images, messages, code } = await run([join(SCHEMAS, 'openstack/fixtures/dumps', name)])
    expect(images()).toEqual([])
    expect(messages.lines()[0]).toMatch(/: it is /)
    expect(code).toBe(EXIT.error)
  })

  it('reads several files in order, and reports a missing one', async () => {
    const files = [
      save('z.json', glance({ id: 'z' })),
      folder.path('nowhere.json'),
      save('y.json', glance({ id: 'y' })),
    ]
    const { images, messages, code } = await run(files)
    expect(images().map(({ ref }) => ref.id)).toEqual(['z', 'y'])
    expect(messages.text()).toContain('nowhere.json: no such file')
    expect(code).toBe(EXIT.error)
  })

  it('refuses a directory', async () => {
    mkdirSync(folder.path('folder.json'))
    const { messages, code } = await run([folder.path('folder.json')])
    expect(messages.text()).toContain('it is a directory. Name the files in it')
    expect(code).toBe(EXIT.error)
  })

  it('applies --provider, --cloud and --region', async () => {
    const file = save('bare.json', { id: 'x' })
    expect((await run([file])).code).toBe(EXIT.error)
    const { images } = await run([file], { provider: 'openstack', cloud: 'prod', region: 'RegionOne' })
    expect(images()[0]?.ref).toEqual({ provider: 'openstack', cloud: 'prod', region: 'RegionOne', id: 'x' })
    expect((await run([save('h.json', hetzner())], { provider: 'openstack' })).code).toBe(EXIT.error)
  })
})

describe('unexpected records', () => {
  const drifting = save('drifting.json', [
    glance({ id: 'a', visibility: 5, status: 'new-word', min_disk: '2' }),
    glance({ id: 'b' }),
  ])

  it('leave a field of wrong type unknown, and set all others', async () => {
    const { images, code, messages } = await run([drifting])
    expect(images()[0]).toMatchObject({
      visibility: 'unknown',
      status: 'unknown',
      providerStatus: 'new-word',
      name: 'debian-12',
      size: { minDisk: null, minRam: 536_870_912 },
      raw: { visibility: 5 },
    })
    expect(code).toBe(EXIT.done)
    expect(messages.text()).toBe('2 images, 0 rejected, 3 differences from the known API (for details: imago drift)\n')
    expect((await run([drifting], { quiet: true, output: 'table' })).messages.text()).toBe('')
  })

  it('are rejected with --strict', async () => {
    const { images, code, messages } = await run([drifting], { strict: true })
    expect(images().map(({ ref }) => ref.id)).toEqual(['b'])
    expect(code).toBe(EXIT.findings)
    expect(messages.text()).toContain(
      `${drifting}:1: /0/status: expected a known word, got new-word; /0/visibility: expected `,
    )
  })

  it('are reported by --drift, and determine the exit code', async () => {
    const to = folder.path('report.json')
    expect((await run([drifting], { drift: to })).code).toBe(EXIT.findings)
    const report = JSON.parse(readFileSync(to, 'utf8')) as unknown
    expect(agreesWith('drift', report)).toBe('valid')
    expect(report).toMatchObject({ images: 2, notes: 3 })
    expect((await run([both], { drift: to })).code).toBe(EXIT.done)
    expect(JSON.parse(readFileSync(to, 'utf8'))).toMatchObject({ images: 2, notes: 0, drift: [] })
  })

  it('cause an error if the report of --drift cannot be written', async () => {
    const writing = run([drifting], { drift: folder.path('no/such/folder.json') })
    await expect(writing).rejects.toBeInstanceOf(Problem)
    await expect(writing).rejects.toThrow(/cannot write .*: no such directory/)
  })

  it('are rejected without affecting others', async () => {
    const { images, code, messages } = await run([
      save('half.json', { images: [glance({ id: 'a' }), { id: 1 }, glance({ id: 'b' })] }),
    ])
    expect(images()).toHaveLength(2)
    expect(messages.lines()).toEqual([
      expect.stringMatching(/half\.json:1: \/images\/1: not a recognized image record$/),
      '2 images, 1 rejected',
    ])
    expect(code).toBe(EXIT.findings)
  })

  it('have evidence with --evidence', async () => {
    const { images } = await run([both], { evidence: true })
    expect(images()[0]).toMatchObject({ evidence: { name: 'declared', visibility: 'inferred', hidden: 'unsupported' } })
    expect(images()[1]).toMatchObject({ evidence: { kind: 'assumed', architecture: 'unknown' } })
    expect(images().map((image) => agreesWith('image', image))).toEqual(['valid', 'valid'])
    expect((await run([both])).images()[0]).not.toHaveProperty('evidence')
  })

  it('are not read if an option would have no effect', async () => {
    await expect(run([both], { output: 'csv', evidence: true })).rejects.toMatchObject({ exitCode: EXIT.usage })
    for (const output of ['json', 'ndjson', 'yaml'] as const)
      await expect(run([both], { output, columns: 'id' })).rejects.toMatchObject({ exitCode: EXIT.usage })
  })

  it('are not read if a column is unknown', async () => {
    const output = memoryOutput()
    await expect(
      normalize([both], { output: 'table', columns: 'id,nmae' }, output, memoryOutput()),
    ).rejects.toMatchObject({ exitCode: EXIT.usage, message: expect.stringContaining('Did you mean name?') })
    expect(output.text()).toBe('')
  })

  it('are summarized, and otherwise the summary is printed on terminals only', async () => {
    expect((await run([both], {}, true)).messages.text()).toBe('2 images, 0 rejected\n')
    expect((await run([both], { quiet: true, output: 'table' }, true)).messages.text()).toBe('')
    expect((await run([both])).messages.text()).toBe('')
  })
})

describe('raw', () => {
  const odd = '"odd":12345678901234567890,"n":1e999,"z":-0.50'

  it.each<[string, string]>([
    ['compact', `[{${odd},${JSON.stringify(glance()).slice(1)}]`],
    ['indented', `[\n{\n${odd.replaceAll(',', ' ,\n\t')},\n${JSON.stringify(glance(), null, 2).slice(1)}\n]\n`],
    ['ndjson', `{${odd},${JSON.stringify(glance()).slice(1)}\n`],
  ])('keeps numbers beyond the range of JavaScript: %s', async (name, text) => {
    const file = folder.file(`odd-${name}.json`, text)
    for (const output of ['json', 'ndjson'] as const)
      expect((await run([file], { output })).output.text()).toContain(`"raw":{${odd},`)
  })

  it('keeps the largest exact ID', async () => {
    const { images } = await run([save('edge.json', [hetzner({ id: 9_007_199_254_740_991 })])])
    expect(images()[0]?.ref.id).toBe('9007199254740991')
  })
})

describe('hostile records', () => {
  const hostile = save('hostile.json', [
    glance({ id: HOSTILE, name: HOSTILE, status: HOSTILE, [HOSTILE]: HOSTILE, ['__proto__']: 'p' }),
    { [HOSTILE]: 1 },
  ])

  it.each(IMAGE_FORMATS)('are escaped on a terminal in output and messages: %s', async (output) => {
    const { output: printed, messages } = await run(
      [hostile],
      { output, evidence: output !== 'csv' && output !== 'value' },
      true,
    )
    expect(printed.text()).not.toBe('')
    expect(printed.text()).not.toMatch(DRIVES_TERMINAL)
    expect(messages.text()).not.toBe('')
    expect(messages.text()).not.toMatch(DRIVES_TERMINAL)
  })

  it('are escaped in file names', async () => {
    const { messages } = await run([folder.path('\u001b[31m\u202e.json')])
    expect(messages.text()).toContain('\\x1b[31m')
    expect(messages.text()).not.toMatch(DRIVES_TERMINAL)
  })

  it('are unchanged for programs', async () => {
    expect((await run([hostile])).images()[0]).toMatchObject({ name: HOSTILE, raw: { ['__proto__']: 'p' } })
  })
})
