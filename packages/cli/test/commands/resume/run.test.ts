import { describe, expect, it } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { resume } from '../../../src/commands/resume/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { vectorImage } from '../../../../inspect/test/images.ts'
import { memoryLive, openstackCloud } from '../../live.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import {
  folder,
  type Stage,
  stage,
  listImages,
  noUrls,
  RESUME,
  copied,
  printedMoves,
  problem,
  failing,
} from '../../transfer/stage.ts'

interface Runs {
  readonly runs: readonly { readonly run: string; readonly state: string }[]
}

describe('resume', () => {
  const interrupted = async () => {
    const fault = failing()
    const staged = stage({ toProd: fault.wrap })
    const told = staged.live()
    expect(await copied(staged, told, ['lab:1', 'lab:2', 'prod:'], { yes: true })).toBe(EXIT.temporary)
    expect(printedMoves(told).map(({ error }) => error?.tag)).toEqual(['Unavailable', 'Unavailable'])
    expect(told.messages.lines().at(-1)).toBe('imago: to continue: imago resume')
    return { ...staged, fault, runs: printedMoves(told).map(({ run }) => run) }
  }
  const listed = async ({ live, env }: Pick<Stage, 'live' | 'env'>): Promise<Runs['runs']> => {
    const told = live()
    expect(await resume([], { ...RESUME, list: true, all: true }, told, noUrls.open, env, null)).toBe(0)
    expect(findSchemaFaults('runs', told.output.text())).toEqual([])
    return (JSON.parse(told.output.text()) as Runs).runs
  }

  it('lists failed runs, and resumes one of them, or all', async () => {
    const staged = await interrupted()
    expect((await listed(staged)).map(({ state }) => state)).toEqual(['failed', 'failed'])
    staged.fault.mend()
    const [first = '', second = ''] = staged.runs
    const one = staged.live()
    expect(await resume([first.slice(0, 8)], RESUME, one, noUrls.open, staged.env, null)).toBe(0)
    expect(printedMoves(one)).toMatchObject([{ run: first, outcome: { verified: 'digest-match' } }])
    const rest = staged.live()
    expect(await resume([], RESUME, rest, noUrls.open, staged.env, null)).toBe(0)
    expect(printedMoves(rest).map(({ run }) => run)).toEqual([second])
    expect((await listed(staged)).map(({ state }) => state)).toEqual(['done', 'done'])
    expect(await listImages(staged.prod)).toHaveLength(2)
  })

  it('lists completed runs only on request, and never resumes them', async () => {
    const staged = await interrupted()
    staged.fault.mend()
    const [first = '', second = ''] = staged.runs
    expect(await resume([first], RESUME, staged.live(), noUrls.open, staged.env, null)).toBe(0)
    const told = staged.live()
    expect(await resume([], { ...RESUME, list: true }, told, noUrls.open, staged.env, null)).toBe(0)
    expect((JSON.parse(told.output.text()) as Runs).runs).toMatchObject([{ run: second, state: 'failed' }])
    expect(
      (await problem(resume([], { ...RESUME, all: true }, staged.live(), noUrls.open, staged.env, null))).exitCode,
    ).toBe(2)
  })

  it('resumes a run refused because of its content only if it is named, or with --allow', async () => {
    const staged = stage()
    // The content of a compressed file is known only after decompression.
    const file = folder.file('odd.raw.gz', gzipSync(vectorImage('gpt-badchs')))
    const moved = staged.live()
    expect(await copied(staged, moved, [file, 'prod:'], { yes: true })).toBe(EXIT.refused)
    expect(moved.messages.text()).not.toContain('imago resume')
    const run = printedMoves(moved)[0]?.run ?? ''
    expect(await listed(staged)).toMatchObject([{ run, state: 'refused' }])

    const told = staged.live()
    expect(await resume([], RESUME, told, noUrls.open, staged.env, null)).toBe(0)
    expect(printedMoves(told)).toEqual([])
    expect(told.messages.text()).toBe(
      'imago: 1 refused run was not resumed. For the reasons: imago resume --list. To discard one: imago resume --discard RUN\n',
    )
    expect(await resume([run], RESUME, staged.live(), noUrls.open, staged.env, null)).toBe(EXIT.refused)
    const tolerant = staged.live()
    expect(await resume([], { ...RESUME, allow: ['mbr'] }, tolerant, noUrls.open, staged.env, null)).toBe(0)
    expect(printedMoves(tolerant)).toMatchObject([{ run, outcome: { verified: 'digest-match' } }])
  })

  it('prints runs for people', async () => {
    const staged = await interrupted()
    const told = staged.live()
    expect(await resume([], { ...RESUME, output: 'table', list: true }, told, noUrls.open, staged.env, null)).toBe(0)
    expect(told.output.lines()[0]).toMatch(/^RUN +STATE +AT STEP +STARTED +UPDATED +WHAT +REASON/)
    expect(told.output.lines()[1]).toMatch(
      /^[\da-f-]{36} +failed +upload +(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +){2}.*  the store is down/,
    )
  })

  it('names a discarded run that cannot be read by its ID', async () => {
    const staged = await interrupted()
    const [first = ''] = staged.runs
    writeFileSync(join(staged.env['XDG_STATE_HOME'] ?? '', 'imago', 'runs', `${first}.ndjson`), 'not a journal\n')
    const told = staged.live()
    expect(await resume([first], { ...RESUME, discard: true }, told, noUrls.open, staged.env, null)).toBe(0)
    expect(told.messages.text()).toContain(`imago: run ${first} discarded`)
  })

  it('discards only the named runs, and requires a name', async () => {
    const staged = await interrupted()
    const [first = '', second = ''] = staged.runs
    const told = staged.live()
    expect(await resume([first.slice(0, 8)], { ...RESUME, discard: true }, told, noUrls.open, staged.env, null)).toBe(0)
    expect(told.messages.text()).toMatch(
      new RegExp(
        `^imago: openstack/lab:.* discarded. To delete its resources in clouds: imago cleanup --run ${first}\n$`,
      ),
    )
    expect(JSON.parse(told.output.text())).toMatchObject({ $schema: 'urn:imago:schema:runs:1', runs: [{ run: first }] })
    expect((await listed(staged)).map(({ run }) => run)).toEqual([second])
    expect(
      (await problem(resume([], { ...RESUME, discard: true }, staged.live(), noUrls.open, staged.env, null))).exitCode,
    ).toBe(2)
    expect((await listed(staged)).map(({ run }) => run)).toEqual([second])
  })

  it('reports that there are no interrupted runs', async () => {
    const { live, env } = stage()
    const told = live()
    expect(await resume([], RESUME, told, noUrls.open, env, null)).toBe(0)
    expect(told.messages.text()).toBe('imago: no interrupted runs\n')
  })

  it('refuses an unknown or ambiguous run ID', async () => {
    const staged = await interrupted()
    const unknown = await problem(resume(['nothing'], RESUME, staged.live(), noUrls.open, staged.env, null))
    expect(unknown.exitCode).toBe(3)
    expect(unknown.message).toBe('run not found: nothing. To list runs: imago resume --list')
    const several = await problem(resume([''], RESUME, staged.live(), noUrls.open, staged.env, null))
    expect(several.exitCode).toBe(3)
    expect(several.message).toMatch(/^2 run IDs start with/)
  })

  it('reports a cloud that is no longer configured', async () => {
    const staged = await interrupted()
    const told = memoryLive({ clouds: [openstackCloud('lab')], open: () => staged.lab })
    expect(await resume(staged.runs.slice(0, 1), RESUME, told, noUrls.open, staged.env, null)).toBe(EXIT.notFound)
    expect(printedMoves(told)).toMatchObject([
      { outcome: null, error: { tag: 'NotFound', message: expect.stringContaining('prod') } },
    ])
  })
})
