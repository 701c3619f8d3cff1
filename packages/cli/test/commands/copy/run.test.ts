import { describe, expect, it } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { existsSync, readFileSync } from 'node:fs'
import { copy } from '../../../src/commands/copy/run.ts'
import type { CopyOptions } from '../../../src/commands/copy/options.ts'
import { resume } from '../../../src/commands/resume/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import {
  folder,
  DISK,
  image,
  stage,
  listImages,
  noUrls,
  COPY,
  RESUME,
  copied,
  printedPlan,
  printedMoves,
  problem,
  failing,
} from '../../transfer/stage.ts'

describe('copy', () => {
  it('shows the plan with --dry-run, and changes nothing', async () => {
    const { env, live, prod } = stage()
    const shown = live()
    expect(await copied({ env }, shown, ['lab:1', 'prod:'], { dryRun: true })).toBe(0)
    expect(printedPlan(shown).id).toMatch(/^[\da-f-]{36}$/)
    expect(shown.messages.text()).toBe('')
    expect(await listImages(prod)).toEqual([])
    expect(existsSync(env['XDG_STATE_HOME'] ?? '')).toBe(false)
  })

  describe('with resources that cost money', () => {
    const billed = { resources: ['a rescue server (cx23)'], once: { amount: '0.006', currency: 'EUR' }, monthly: null }
    const costly = () => stage({ toProd: (source) => ({ ...source, estimate: () => TE.right(billed) }) })

    it.each([
      [true, 0, 1],
      [false, 1, 0],
    ])('asks on a terminal: %s', async (answer, code, made) => {
      const { env, live, prod } = costly()
      const told = live()
      const asked: string[] = []
      expect(
        await copy(['lab:1', 'prod:'], COPY, told, noUrls, env, (question) =>
          Promise.resolve(asked.push(question) > 0 && answer),
        ),
      ).toBe(code)
      expect(asked).toEqual(['Continue?'])
      expect(told.messages.lines()[0]).toBe(
        'imago: the transfer orders a rescue server (cx23); cost: about 0.01 EUR once',
      )
      expect(await listImages(prod)).toHaveLength(made)
    })

    it('ends with 2 without a terminal, and continues with --yes', async () => {
      const { env, live, prod } = costly()
      const refused = await problem(copied({ env }, live(), ['lab:1', 'lab:2', 'prod:']))
      expect(refused.exitCode).toBe(2)
      expect(refused.message).toBe(
        'confirmation needs a terminal: each of 2 transfers orders a rescue server (cx23); cost: about 0.01 EUR once. To confirm, add --yes; to preview, add --dry-run',
      )
      expect(await listImages(prod)).toEqual([])
      expect(await copied({ env }, live(), ['lab:1', 'prod:'], { yes: true })).toBe(0)
      expect(await listImages(prod)).toHaveLength(1)
    })

    it('names the resources of each transfer', async () => {
      let servers = 0
      const { env, live } = stage({
        toProd: (source) => ({
          ...source,
          estimate: () => TE.right({ ...billed, resources: [`server ${++servers}`, 'its address'] }),
        }),
      })
      const refused = await problem(copied({ env }, live(), ['lab:1', 'lab:2', 'prod:']))
      expect(refused.message).toMatch(
        /one transfer orders server \d, its address; one transfer orders server \d, its address; cost: about 0\.01 EUR once/,
      )
    })

    it('asks in resume, for runs that are not done', async () => {
      const fault = failing()
      const { env, live, prod } = stage({
        toProd: (source) => fault.wrap({ ...source, estimate: () => TE.right(billed) }),
      })
      expect(await copied({ env }, live(), ['lab:1', 'prod:'], { yes: true })).toBe(EXIT.temporary)
      fault.mend()
      expect((await problem(resume([], RESUME, live(), noUrls.open, env, null))).exitCode).toBe(2)
      expect(await resume([], { ...RESUME, dryRun: true }, live(), noUrls.open, env, null)).toBe(0)
      expect((await listImages(prod)).map(({ status }) => status)).toEqual(['pending'])
      expect(await resume([], { ...RESUME, yes: true }, live(), noUrls.open, env, null)).toBe(0)
      expect((await listImages(prod)).map(({ status }) => status)).toEqual(['available'])
    })
  })

  it.each<[Partial<CopyOptions>, string]>([
    [{ visibility: 'private' }, '--visibility applies only to --all. For the new image, use --set-visibility'],
    [{ label: ['role=web'] }, '--label applies only to --all. For the new image, use --set-label'],
    [{ tag: ['lts'] }, '--tag applies only to --all. For the new image, use --set-tag'],
    [{ property: ['a=b'] }, '--property applies only to --all. For the new image, use --set-property'],
    [{ name: 'new' }, '--name applies only to --all. For the new image, use --set-name'],
    [{ description: 'new' }, '--description applies only to --all. For the new image, use --set-description'],
    [{ os: 'debian' }, '--os applies only to --all'],
    [{ olderThan: '30d' }, '--older-than applies only to --all'],
    [{ mine: true }, '--mine applies only to --all'],
  ])('refuses %j without --all', async (options, message) => {
    const { env, live } = stage()
    const refused = await problem(copied({ env }, live(), ['lab:1', 'prod:'], options))
    expect(refused.exitCode).toBe(2)
    expect(refused.message).toBe(message)
  })

  it('refuses --arch for a file, and for an image of unknown architecture', async () => {
    const { env, live } = stage({ images: [image('1', { architecture: null })] })
    const file = await problem(copied({ env }, live(), ['./disk.raw', 'prod:'], { arch: 'x86_64' }))
    expect(file.exitCode).toBe(2)
    expect(file.message).toBe('--arch applies only to images of clouds. For the new image, use --set-arch')
    const unknown = await problem(copied({ env }, live(), ['lab:1', 'prod:'], { arch: 'x86_64' }))
    expect(unknown.exitCode).toBe(2)
    expect(unknown.message).toMatch(
      /its architecture is unknown\. To set the architecture of the new image, use --set-arch$/,
    )
  })

  it('applies selection and --set-… options with --all', async () => {
    const { env, live, prod } = stage({
      images: [
        image('1', { visibility: 'public', tags: ['keep'] }),
        image('2', { visibility: 'private' }),
        image('3', { visibility: 'private', kind: 'backup' }),
      ],
    })
    const selected = live()
    expect(
      await copied({ env }, selected, ['lab:', 'prod:'], {
        all: true,
        visibility: ['private'],
        setTag: ['new'],
        setVisibility: 'public',
      }),
    ).toBe(0)
    expect(
      (await listImages(prod))
        .map(({ name, tags, visibility }) => ({ name, tags, visibility }))
        .toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '')),
    ).toEqual([
      { name: 'name-2', tags: ['new'], visibility: 'public' },
      { name: 'name-3', tags: ['new'], visibility: 'public' },
    ])
  })

  it('creates one image, verified by its digest', async () => {
    const { env, live, prod } = stage()
    const first = live()
    expect(await copied({ env }, first, ['lab:1', 'prod:'], { yes: true })).toBe(0)
    expect(first.messages.text()).toBe('')
    expect(printedMoves(first)).toMatchObject([
      {
        outcome: { verified: 'digest-match', adopted: false, created: { kind: 'image', ref: { cloud: 'prod' } } },
        error: null,
      },
    ])
    const second = live()
    expect(await copied({ env }, second, ['lab:1', 'prod:'], { yes: true })).toBe(0)
    const [made, ...others] = await listImages(prod)
    expect(others).toEqual([])
    expect(made).toMatchObject({ name: 'name-1', size: { stored: DISK.length }, status: 'available' })
    expect(printedMoves(second)[0]?.run).toBe(printedMoves(first)[0]?.run)
  })

  it('prints the created images as a table', async () => {
    const { env, live } = stage()
    const told = live()
    expect(await copied({ env }, told, ['lab:1', 'prod:'], { yes: true, output: 'table' })).toBe(0)
    expect(told.output.lines()[0]).toMatch(/^CREATED +SIZE +SOURCE CHECKED +TARGET VERIFIED +DIGEST/)
    expect(told.output.lines()[1]).toMatch(
      /^openstack\/prod:id:[\da-f-]{36} +98\.0 KiB +sha512 of the provider +digest-match +sha\d+:[\da-f]{16}…$/,
    )
  })

  it('copies all matching images, several at a time', async () => {
    const { env, live, prod } = stage({
      images: [
        image('1', { os: { family: 'linux', distro: 'debian', version: '12', defaultUser: null } }),
        image('2'),
        image('3', { os: { family: 'linux', distro: 'debian', version: '13', defaultUser: null } }),
      ],
    })
    const told = live()
    expect(await copied({ env }, told, ['lab:', 'prod:'], { yes: true, all: true, os: 'debian', jobs: '2' })).toBe(0)
    expect(printedMoves(told)).toHaveLength(2)
    expect(new Set((await listImages(prod)).map(({ name }) => name))).toEqual(new Set(['name-1', 'name-3']))
  })

  it('copies to a file, and from one', async () => {
    const { env, live, prod } = stage()
    const path = folder.path('copied.raw')
    expect(await copied({ env }, live(), ['lab:1', path], { yes: true })).toBe(0)
    expect(Buffer.compare(readFileSync(path), DISK)).toBe(0)
    const again = live()
    expect(await copied({ env }, again, [path, 'prod:uploaded'], { yes: true, sourceFormat: 'raw' })).toBe(0)
    expect(await listImages(prod)).toMatchObject([{ name: 'uploaded', size: { stored: DISK.length } }])
  })

  it('prints progress as lines, or as events', async () => {
    const { env, live } = stage()
    const [lines, json] = [live(), live()]
    await copied({ env }, lines, ['lab:1', 'prod:'], { yes: true, progress: 'lines' })
    expect(lines.messages.lines()[0]).toMatch(/^download: /)
    await copied({ env }, json, ['lab:2', 'prod:'], { yes: true, progress: 'json' })
    const events = json.messages.lines().map((line) => (JSON.parse(line) as { readonly event: string }).event)
    expect(events[0]).toBe('step')
    expect(events.at(-1)).toBe('done')
  })

  it.each([
    [{ jobs: '0' }, /--jobs: invalid value "0"\. Use a whole number from 1 to 99/],
    [{ spoolLimit: 'x' }, /--spool-limit: invalid value "x"/],
  ])('refuses %j as a usage error, before an unknown cloud', async (options, message) => {
    const { env, live } = stage()
    const error = await problem(copied({ env }, live(), ['none:1', 'prod:'], { yes: true, ...options }))
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(message)
  })
})
