import { describe, expect, it } from '@jest/globals'
import { schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { drift } from '../../../src/commands/drift/run.ts'
import type { DriftOptions } from '../../../src/commands/drift/options.ts'
import type { DriftReport } from '../../../src/drift-report.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { memoryOutput } from '../../memory-output.ts'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE } from '../../records.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()
const save = (name: string, document: unknown): string => folder.file(name, JSON.stringify(document))

const run = async (files: readonly string[], options: Partial<DriftOptions> = {}, terminal = false) => {
  const output = memoryOutput(terminal ? { isTerminal: true, width: 200 } : {})
  const messages = memoryOutput()
  const code = await drift(files, { output: 'table', ...options }, output, messages)
  return { code, output, messages }
}
const readReport = async (files: readonly string[]): Promise<DriftReport> =>
  JSON.parse((await run(files, { output: 'json' })).output.text()) as DriftReport

const clean = save('clean.json', [glance(), hetzner()])
const first = save('first.json', [hetzner({ status: 'new-word' }), hetzner({ id: 2, new_key: 1 })])
const second = save('second.json', {
  images: [glance({ tags: ['a', 5, 6] }), hetzner({ id: 3, status: 'new-word', new_key: 'x' }), { what: 1 }],
})

describe('drift', () => {
  it('reports no drift', async () => {
    const { output, code } = await run([clean])
    expect(output.text()).toBe('2 images, 0 differences from the known API, 0 records rejected\n')
    expect(code).toBe(EXIT.done)
  })

  it('counts words, keys and types of all files, with the first location and * for indices', async () => {
    const report = await readReport([first, second])
    expect(report).toMatchObject({ images: 4, rejected: 1, notes: 5 })
    expect(
      report.drift.map(({ kind, provider, path, word, expected, got, count }) => ({
        kind,
        provider,
        path,
        word,
        expected,
        got,
        count,
      })),
    ).toEqual(
      expect.arrayContaining([
        { kind: 'unknown-word', provider: 'hetzner', path: '/status', word: 'new-word', count: 2 },
        { kind: 'unknown-key', provider: 'hetzner', path: '/new_key', got: 'number', count: 1 },
        { kind: 'unknown-key', provider: 'hetzner', path: '/new_key', got: 'string', count: 1 },
        { kind: 'wrong-type', provider: 'openstack', path: '/tags/*', expected: 'string', got: 'number', count: 1 },
      ]),
    )
    expect(report.drift).toHaveLength(4)
    expect(report.drift.find(({ kind }) => kind === 'unknown-word')?.first).toMatchObject({
      file: first,
      line: 1,
      pointer: '/0/status',
      id: '322189934',
    })
    expect(report.drift.find(({ kind }) => kind === 'wrong-type')?.first).toMatchObject({
      file: second,
      pointer: '/images/0/tags/1',
    })
    expect(report.rejections).toMatchObject([{ file: second, pointer: '/images/2', provider: null }])
  })

  it('prints documents of its schema', async () => {
    const validate = new Ajv2020({ strict: false }).compile(schemas.drift)
    for (const files of [[clean], [first, second], [folder.path('missing')]]) {
      const report = await readReport(files)
      expect(validate(report) ? 'valid' : validate.errors).toBe('valid')
    }
  })

  it('prints a table', async () => {
    const { output, code } = await run([first])
    expect(output.lines()[0]?.split(/\s{2,}/)).toEqual(['KIND', 'PROVIDER', 'PATH', 'WHAT', 'COUNT', 'FIRST'])
    expect(output.lines().map((line) => line.split(/\s{2,}/).slice(0, 5))).toContainEqual([
      'unknown-word',
      'hetzner',
      '/status',
      'word "new-word"',
      '1',
    ])
    expect(output.lines().at(-1)).toBe('2 images, 2 differences from the known API (2 kinds), 0 records rejected')
    expect(code).toBe(EXIT.findings)
  })

  it('counts rejected records as findings, and unreadable input as an error', async () => {
    expect((await run([second])).code).toBe(EXIT.findings)
    expect((await run([folder.path('missing'), clean])).code).toBe(EXIT.error)
    expect((await run([save('nothing-known.json', [{}])])).code).toBe(EXIT.error)
  })

  it.each(['table', 'json'] as const)(
    '%s passes no control characters to a terminal, and masks secrets',
    async (output) => {
      const hostile = save('hostile.json', [
        hetzner({ status: `${HOSTILE} https://u:hunter2@h/`, [HOSTILE]: 1 }),
        { [HOSTILE]: 1 },
      ])
      const { output: printed, messages } = await run([hostile], { output }, true)
      expect(printed.text()).not.toMatch(DRIVES_TERMINAL)
      expect(printed.text()).not.toContain('hunter2')
      expect(messages.text()).not.toMatch(DRIVES_TERMINAL)
    },
  )

  it('prints the same for the same input', async () => {
    expect((await run([first, second], { output: 'json' })).output.text()).toBe(
      (await run([first, second], { output: 'json' })).output.text(),
    )
  })
})
