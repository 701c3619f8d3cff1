import { describe, expect, it } from '@jest/globals'
import type { Plan } from '@imago/transfer'
import { utimesSync } from 'node:fs'
import { Readable } from 'node:stream'
import { apply } from '../../../src/commands/apply/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import type { MemoryLive } from '../../live.ts'
import { folder, DISK, image, stage, listImages, noUrls, planned, printedMoves, problem } from '../../transfer/stage.ts'

describe('apply', () => {
  let files = 0
  const APPLY = { output: 'json', progress: 'none' } as const
  const given = (text: string): Pick<NodeJS.Process, 'stdin'> => ({
    stdin: Readable.from([text]) as unknown as NodeJS.Process['stdin'],
  })
  const planText = async (live: MemoryLive, words: readonly string[], options: object = {}): Promise<string> => {
    await planned(live, words, options)
    return live.output.text()
  }

  it('runs plans from files and standard input', async () => {
    const { live, env, prod } = stage()
    const one = folder.file(`plan-${++files}.json`, await planText(live(), ['lab:1', 'prod:']))
    const others = await planText(live(), ['lab:1', 'lab:2', 'prod:'])
    const told = live()
    expect(await apply([one], APPLY, told, noUrls.open, { ...given(''), env }, null)).toBe(0)
    expect(printedMoves(told)).toMatchObject([{ outcome: { verified: 'digest-match' } }])
    const more = live()
    expect(await apply(['-'], APPLY, more, noUrls.open, { ...given(others), env }, null)).toBe(0)
    expect(printedMoves(more)).toHaveLength(2)
    expect(new Set((await listImages(prod)).map(({ name }) => name))).toEqual(new Set(['name-1', 'name-2']))
  })

  it('transfers nothing if a plan is blocked', async () => {
    const { live, env, prod } = stage({ images: [image('1', { status: 'unavailable' }), image('2')] })
    const text = await planText(live(), ['lab:1', 'lab:2', 'prod:'])
    const told = live()
    expect(await apply(['-'], APPLY, told, noUrls.open, { ...given(text), env }, null)).toBe(EXIT.refused)
    expect(told.messages.text()).toMatch(/^imago: openstack\/lab:id:1 \(name-1\) → openstack\/prod: /)
    expect(await listImages(prod)).toEqual([])
  })

  it('refuses a source that has changed', async () => {
    const { live, env, prod } = stage()
    const file = folder.file('changing.raw', DISK)
    const text = await planText(live(), [file, 'prod:x'], { sourceFormat: 'raw' })
    utimesSync(file, new Date('2020-01-01T00:00:00Z'), new Date('2020-01-01T00:00:00Z'))
    const told = live()
    expect(await apply(['-'], APPLY, told, noUrls.open, { ...given(text), env }, null)).toBe(1)
    expect(told.messages.text()).toMatch(/the source has changed since the transfer was planned/)
    expect(printedMoves(told)).toMatchObject([{ error: { tag: 'Conflict' } }])
    expect(await listImages(prod)).toEqual([])
  })

  it.each([
    [
      'text that is not JSON',
      'nothing',
      /cannot read -: it is not valid JSON\. Name a file written by imago plan -o json/,
    ],
    ['deeply nested brackets', '['.repeat(1_000_000), /cannot read -: it is nested more than 64 deep/],
    ['another document', '{"$schema":"urn:imago:schema:images:1","images":[]}', /plan/],
  ])('refuses %s', async (_, text, message) => {
    const { live, env } = stage()
    expect((await problem(apply(['-'], APPLY, live(), noUrls.open, { ...given(text), env }, null))).message).toMatch(
      message,
    )
  })

  it.each<readonly [string, (plan: Plan) => unknown, RegExp]>([
    [
      'a path with NUL',
      (plan) => ({ ...plan, source: { kind: 'file', path: '/tmp/a\0b', size: 1, modifiedAt: null } }),
      /: not a valid plan: \/source\/path: expected absolute path/,
    ],
    ['a path with ..', (plan) => ({ ...plan, target: { kind: 'file', path: '/tmp/../etc/x' } }), /\/target\/path/],
    ['a relative path', (plan) => ({ ...plan, target: { kind: 'file', path: 'x' } }), /\/target\/path/],
    [
      'an id with a path',
      (plan) => ({
        ...plan,
        source: { ...plan.source, ref: { provider: 'openstack', cloud: 'lab', region: null, id: '../../servers/1' } },
      }),
      /\/source\/ref\/id/,
    ],
    [
      'a store of two lines',
      (plan) => ({ ...plan, target: { ...plan.target, store: 'a\r\nX-Other: b' } }),
      /\/target\/store/,
    ],
    ['only prototypes', () => JSON.parse('{"__proto__": {"$schema": "urn:imago:schema:plan:3"}}'), /not a valid plan/],
    ['null', () => null, /not a valid plan/],
  ])('refuses a plan with %s', async (_, change, message) => {
    const { live, env } = stage()
    const plan = JSON.parse(await planText(live(), ['lab:1', 'prod:'])) as Plan
    const file = folder.file(`hostile-${++files}.json`, JSON.stringify(change(plan)))
    const said = await problem(apply([file], APPLY, live(), noUrls.open, { ...given(''), env }, null))
    expect(said.message).toMatch(new RegExp(message.source))
    expect(said.message).toContain(file)
  })

  it('refuses a plan that was edited', async () => {
    const { live, env } = stage()
    const text = (await planText(live(), ['lab:1', 'prod:'])).replaceAll('name-1', 'name-2')
    expect((await problem(apply(['-'], APPLY, live(), noUrls.open, { ...given(text), env }, null))).exitCode).not.toBe(
      0,
    )
  })

  it('reports a missing file', async () => {
    const { live, env } = stage()
    expect(
      (await problem(apply(['/no/such/plan.json'], APPLY, live(), noUrls.open, { ...given(''), env }, null))).message,
    ).toMatch(/\/no\/such\/plan\.json/)
  })
})
