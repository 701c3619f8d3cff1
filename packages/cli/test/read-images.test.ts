import { describe, expect, it } from '@jest/globals'
import { EXIT } from '../src/exit-code.ts'
import { outcomeToExitCode, readImages } from '../src/read-images.ts'
import { readers } from 'imago'
import { memoryOutput } from './memory-output.ts'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE } from './records.ts'
import { temporaryFolder } from './temporary.ts'

const folder = temporaryFolder()
const read = async (files: readonly string[], options: { strict?: boolean; provider?: string } = {}) => {
  const messages = memoryOutput()
  const ids: string[] = []
  const outcome = await readImages(
    files,
    { readers, ...options },
    { image: (image) => void ids.push(image.ref.id), flush: () => Promise.resolve() },
    messages,
  )
  return { ids, outcome, messages, code: outcomeToExitCode(outcome) }
}

describe('readImages', () => {
  it('reports each rejected record with file, line, pointer and reason', async () => {
    const records = [glance({ id: 'a' }), hetzner({ id: -1 }), { what: 'else' }, 5, glance({ id: 'b' })]
    const file = folder.file('some.json', `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}]`)
    const { ids, outcome, messages, code } = await read([file])
    expect(ids).toEqual(['a', 'b'])
    expect(outcome).toMatchObject({ images: 2, rejected: 3, broken: false })
    expect(messages.lines()).toEqual([
      `${file}:3: /1/id: expected integer from 0 to 2^53-1, got number`,
      `${file}:4: /2: not a recognized image record`,
      `${file}:5: /3: it is not a JSON object`,
    ])
    expect(code).toBe(EXIT.findings)
  })

  it('suggests --provider for a record that a provider may recognize', async () => {
    const columns = folder.file(
      'columns.json',
      JSON.stringify([{ ID: 'a', Name: 'jammy', Status: 'active', Visibility: 'public' }]),
    )
    const { messages, outcome } = await read([columns])
    expect(messages.lines()).toEqual([
      `${columns}:1: /0: it may be from openstack image list [--long] -f json, but is not a recognized image record: use --provider openstack`,
    ])
    expect(outcome.drift.report().rejections[0]?.issues[0]?.got).toMatch(/use --provider openstack$/)
    expect((await read([columns], { provider: 'openstack' })).ids).toEqual(['a'])
  })

  it('reports a record without an ID', async () => {
    const file = folder.file('no-id.json', JSON.stringify({ images: [glance(), glance({ id: null })] }))
    expect((await read([file])).messages.lines()).toEqual([`${file}:1: /images/1/id: expected string, got null`])
  })

  it('reads files in order, and continues after one that cannot be read', async () => {
    const [a, b] = [
      folder.file('a.json', JSON.stringify(hetzner())),
      folder.file('b.json', JSON.stringify(glance({ id: 'b' }))),
    ]
    const { ids, messages, code } = await read([b, folder.path('missing'), a])
    expect(ids).toEqual(['b', '322189934'])
    expect(messages.lines()).toEqual([`imago: cannot read ${folder.path('missing')}: no such file`])
    expect(code).toBe(EXIT.error)
  })

  it('reports a wrong type as drift, and rejects the record in strict mode', async () => {
    const file = folder.file('drift.json', JSON.stringify([glance({ visibility: 5, status: 'new-word' })]))
    const { outcome } = await read([file])
    expect(outcome).toMatchObject({ images: 1, rejected: 0 })
    expect(outcome.drift.report().drift.map(({ kind, path }) => [kind, path])).toEqual([
      ['unknown-word', '/status'],
      ['wrong-type', '/visibility'],
    ])
    const strict = await read([file], { strict: true })
    expect(strict).toMatchObject({ ids: [], code: EXIT.error })
    expect(strict.messages.text()).toContain('/0/status: expected a known word, got new-word')
  })

  it('returns the images before the end of truncated input, and reports its position', async () => {
    const text = `${JSON.stringify(glance({ id: 'a' }))}\n${JSON.stringify(glance({ id: 'b' })).slice(0, 50)}`
    const file = folder.file('cut.ndjson', text)
    const { ids, messages, code } = await read([file])
    expect(ids).toEqual(['a'])
    expect(messages.text()).toContain(`:2: byte ${text.length}: the rest was not read: unexpected end of input`)
    expect(code).toBe(EXIT.error)
  })

  it('escapes control characters and masks secrets of records in messages', async () => {
    const file = folder.file(
      'hostile.json',
      JSON.stringify([glance({ status: `${HOSTILE} https://u:hunter2@h/` }), { [HOSTILE]: 1 }]),
    )
    const { messages } = await read([file], { strict: true, provider: 'openstack' })
    expect(messages.lines().length).toBeGreaterThan(1)
    expect(messages.text()).not.toMatch(DRIVES_TERMINAL)
    expect(messages.text()).not.toContain('hunter2')
  })

  it('returns the exit code of each outcome', () => {
    const drift = null as never
    expect(outcomeToExitCode({ images: 0, rejected: 0, broken: false, drift })).toBe(EXIT.done)
    expect(outcomeToExitCode({ images: 1, rejected: 0, broken: false, drift })).toBe(EXIT.done)
    expect(outcomeToExitCode({ images: 1, rejected: 1, broken: false, drift })).toBe(EXIT.findings)
    expect(outcomeToExitCode({ images: 0, rejected: 1, broken: false, drift })).toBe(EXIT.error)
    expect(outcomeToExitCode({ images: 1, rejected: 1, broken: true, drift })).toBe(EXIT.error)
  })
})
