import { describe, expect, it } from '@jest/globals'
import { listAll, createErrorSite, unavailable, type Image, type ImageSource, type OrphanedResource } from '@imago/core'
import { bareImage, createMemorySource } from '@imago/testkit'
import type { Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { apply } from '../../src/commands/apply/run.ts'
import { cleanup } from '../../src/commands/cleanup/run.ts'
import { copy } from '../../src/commands/copy/run.ts'
import type { CopyOptions } from '../../src/commands/copy/options.ts'
import { plan } from '../../src/commands/plan/run.ts'
import { resume } from '../../src/commands/resume/run.ts'
import { EXIT } from '../../src/exit-code.ts'
import { createUrls } from '../../src/transfer/urls.ts'
import { Problem } from '../../src/problem.ts'
import { createTar } from '../../../transfer/test/archive/archives.ts'
import { qemuImage, vectorImage } from '../../../inspect/test/images.ts'
import { memoryLive, openstackCloud, sourceAmong, type MemoryLive } from '../live.ts'
import { findSchemaFaults } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'

const folder = temporaryFolder()
let stages = 0

const DISK = Uint8Array.from({ length: 100_352 }, (_, index) => (index * 7 + (index >> 8)) % 256)
const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')

const createCloud = (cloud: string) => ({ provider: 'openstack', cloud, region: null })

const image = (id: string, fields: Partial<Image> = {}): Image =>
  bareImage(
    id,
    {
      name: `name-${id}`,
      status: 'available',
      visibility: 'private',
      architecture: 'x86_64',
      format: { disk: 'raw', container: 'bare' },
      size: { stored: DISK.length, virtual: DISK.length, minDisk: null, minRam: null },
      digests: [{ algorithm: 'sha512', value: sha512(DISK), of: 'stored', assertedBy: 'provider' }],
      ...fields,
    },
    createCloud('lab'),
  )

interface Stage {
  readonly env: NodeJS.ProcessEnv
  readonly prod: ImageSource
  readonly lab: ImageSource
  /** Creates a context with empty outputs. */
  readonly live: () => MemoryLive
}

interface StageOptions {
  readonly images?: readonly Image[]
  readonly toProd?: (source: ImageSource) => ImageSource
  readonly toLab?: (source: ImageSource) => ImageSource
}

const stage = ({
  images = [image('1', { labels: { role: 'web' } }), image('2')],
  toProd = (one) => one,
  toLab = (one) => one,
}: StageOptions = {}): Stage => {
  const state = folder.path(`state-${++stages}`)
  const lab = toLab(
    createMemorySource({
      cloud: createCloud('lab'),
      images,
      bytes: Object.fromEntries(images.map(({ ref }) => [ref.id, DISK])),
    }),
  )
  const prod = toProd(createMemorySource({ cloud: createCloud('prod') }))
  return {
    env: { XDG_STATE_HOME: `${state}/state`, XDG_CACHE_HOME: `${state}/cache` },
    lab,
    prod,
    live: () =>
      memoryLive({
        clouds: [openstackCloud('lab'), openstackCloud('prod')],
        open: sourceAmong({ lab: () => lab, prod: () => prod }),
      }),
  }
}

const listImages = async (source: ImageSource): Promise<readonly Image[]> => {
  const answer = await listAll(source)()
  return E.isRight(answer) ? answer.right.items : []
}

const noUrls = createUrls(memoryLive({ clouds: [] }), [], {})
const COPY = { output: 'json', progress: 'none' } as const
const RESUME = COPY

const copied = async (
  { env }: Pick<Stage, 'env'>,
  live: MemoryLive,
  words: readonly string[],
  options: Partial<CopyOptions> = {},
) => copy(words, { ...COPY, ...options }, live, noUrls, env, null)
const planned = async (live: MemoryLive, words: readonly string[], options: object = {}) =>
  plan(words, { output: 'json', ...options }, live, noUrls)

const printedPlan = (live: MemoryLive): Plan => JSON.parse(live.output.text()) as Plan
interface Moves {
  readonly runs: readonly {
    readonly run: string
    readonly outcome: { readonly verified: string; readonly adopted: boolean; readonly created: unknown } | null
    readonly error: { readonly tag: string; readonly message: string } | null
  }[]
}
const printedMoves = (live: MemoryLive): Moves['runs'] => {
  expect(findSchemaFaults('transfers', live.output.text())).toEqual([])
  return (JSON.parse(live.output.text()) as Moves).runs
}

const problem = async (work: Promise<unknown>): Promise<Problem> => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Problem)
  return thrown as Problem
}

describe('plan', () => {
  it('detects the format of local files, archives and their disks', async () => {
    const { live } = stage()
    const planFile = async (
      name: string,
      bytes: Uint8Array,
      options: object = {},
    ): Promise<{ readonly code: unknown; readonly plan: Plan }> => {
      const one = live()
      const code = await planned(one, [folder.file(name, bytes), 'prod:'], options)
      return { code, plan: printedPlan(one) }
    }
    const qcow2 = qemuImage('qcow2 version 3')
    expect(await planFile('odd.img', qcow2)).toMatchObject({
      code: EXIT.done,
      plan: { format: { from: 'qcow2', virtualSize: 5_242_880 } },
    })
    expect(await planFile('google.tar.gz', gzipSync(createTar({ name: 'disk.raw', data: DISK })))).toMatchObject({
      code: EXIT.done,
      plan: { format: { from: 'raw', compression: 'gzip', archive: { member: 'disk.raw' } } },
    })
    const two = createTar({ name: 'a.raw', data: DISK }, { name: 'b.qcow2', data: qcow2 })
    expect(await planFile('two.tar', two)).toMatchObject({
      code: EXIT.refused,
      plan: { checks: [{ check: 'archive', what: expect.stringContaining('a.raw, b.qcow2') }, expect.anything()] },
    })
    expect(await planFile('two.tar', two, { member: 'b.qcow2' })).toMatchObject({
      code: EXIT.done,
      plan: { format: { from: 'qcow2', archive: { member: 'b.qcow2', isNamed: true } } },
    })
    expect(await planFile('odd.img', qcow2, { sourceFormat: 'raw' })).toMatchObject({
      code: EXIT.refused,
      plan: { checks: [{ check: 'disk-format' }, expect.anything()] },
    })
    expect(await planFile('page.raw', Buffer.from(`<!DOCTYPE html>${' '.repeat(2000)}`))).toMatchObject({
      code: EXIT.refused,
      plan: { checks: [{ check: 'source-content' }, expect.anything()] },
    })
    expect(
      await planFile('page.raw', Buffer.from(`<!DOCTYPE html>${' '.repeat(2000)}`), { allow: ['not-a-disk'] }),
    ).toMatchObject({ code: EXIT.done })
    expect(
      (
        await problem(
          planned(live(), [folder.file('a.tar', two), folder.file('b.tar', two), 'prod:'], { member: 'a.raw' }),
        )
      ).exitCode,
    ).toBe(EXIT.usage)
  })

  it('prints the fields, steps, time and cost for people', async () => {
    const live = stage().live()
    expect(await planned(live, ['lab:name-1', 'prod:'], { output: 'table' })).toBe(0)
    const text = live.output.text()
    expect(live.output.lines()[0]).toBe('openstack/lab:id:1 (name-1) → openstack/prod')
    expect(text).toMatch(/^name +kept +name-1 +name-1/m)
    expect(text).toMatch(/^labels\.role +kept +web +web /m)
    expect(text).toMatch(/^upload .* 98\.0 KiB +1 s /m)
    expect(text).toMatch(/^About 196 KiB over the network/m)
  })

  it('accepts the architecture names of all providers in --arch and --set-arch', async () => {
    const silent = image('3', { architecture: null })
    const { live } = stage({
      images: [
        image('1'),
        silent,
        image('4', { name: 'twice' }),
        image('5', { name: 'twice', architecture: 'aarch64' }),
      ],
    })
    const requested = async (words: readonly string[], options: object): Promise<unknown> => {
      const told = live()
      expect(await planned(told, words, options)).toBe(0)
      return printedPlan(told)
    }
    const file = folder.file('amd64.raw', DISK)
    expect(await requested([file, 'prod:'], { setArch: 'amd64' })).toMatchObject({
      request: { architecture: 'x86_64' },
    })
    expect(await requested(['lab:name-3', 'prod:'], { setArch: 'arm64' })).toMatchObject({
      source: { ref: { id: '3' } },
      request: { architecture: 'aarch64' },
    })
    expect(await requested(['lab:twice', 'prod:'], { arch: 'arm64' })).toMatchObject({ source: { ref: { id: '5' } } })
    await expect(planned(live(), [file, 'prod:'], { setArch: 'foo' })).rejects.toThrow(
      '--set-arch: unknown value "foo" (for example: x86_64, aarch64, ppc64le, s390x, riscv64)',
    )
    // Selection options do not change the new image.
    expect((await problem(planned(live(), ['lab:name-1', 'prod:'], { arch: 'arm64' }))).exitCode).toBe(3)
    expect((await problem(planned(live(), ['lab:twice', 'prod:'], { arch: 'riscv64' }))).exitCode).toBe(3)
  })

  it('refuses directories and special files as sources, and directories as targets', async () => {
    const { live } = stage()
    const directory = folder.path('.')
    for (const [words, said] of [
      [[directory, 'prod:'], 'is a directory'],
      [['/dev/null', 'prod:'], 'is not a regular file'],
      [['lab:1', directory], 'is a directory'],
    ] as const) {
      expect((await problem(planned(live(), words))).message).toContain(said)
    }
  })

  it('prints one plan, or a document with several plans', async () => {
    const { live } = stage()
    const [one, two] = [live(), live()]
    expect(await planned(one, ['lab:1', 'prod:other'])).toBe(0)
    expect(findSchemaFaults('plan', one.output.text())).toEqual([])
    expect(printedPlan(one)).toMatchObject({
      source: { kind: 'image', ref: { id: '1' } },
      target: { kind: 'cloud', cloud: { cloud: 'prod' } },
      request: { name: 'other' },
    })
    expect(await planned(two, ['lab:1', 'lab:2', 'prod:'])).toBe(0)
    expect(findSchemaFaults('plans', two.output.text())).toEqual([])
  })

  describe('of several images', () => {
    const debian = { family: 'linux' as const, distro: 'debian', version: '12', defaultUser: null }
    const several = [
      image('1', { labels: { role: 'web' }, os: debian }),
      image('2'),
      image('3', { status: 'unavailable' }),
      image('4', { name: 'name-2' }),
      image('5', { name: null }),
    ]

    it('prints a row for each, lost fields with reasons, totals and blocking checks', async () => {
      const live = stage({ images: several }).live()
      expect(await planned(live, ['lab:', 'prod:'], { output: 'table', all: true })).toBe(EXIT.refused)
      const lines = live.output.lines()
      expect(lines[0]).toBe('5 images: openstack/lab → openstack/prod')
      expect(lines[2]).toMatch(
        /^IMAGE +FORMAT +BYTES +KEPT +TRANSLATED +LOST +NEEDED +TIME +SOURCE CHECKED +TARGET VERIFIED +CHECKS$/,
      )
      expect(
        lines.slice(3, 8).map((line) => line.split(/ {2,}/).filter((_, index) => [0, 1, 2, 10].includes(index))),
      ).toEqual([
        ['name-1', 'raw', '98.0 KiB', '-'],
        ['name-2 (id:2)', 'raw', '98.0 KiB', '-'],
        ['name-3', 'raw', '98.0 KiB', 'blocked: source-status'],
        ['name-2 (id:4)', 'raw', '98.0 KiB', '-'],
        ['id:5', 'raw', '98.0 KiB', '-'],
      ])
      const text = live.output.text()
      expect(text).toMatch(/^lost +5 +the new image has its own +ref\.id$/m)
      expect(text).toMatch(/^1 image of 5 cannot be transferred\. The others: about 784 KiB over the network, /m)
      expect(text).toMatch(/^Blocked \(source-status\), name-3: the source is deactivated/m)
      expect(text).not.toMatch(/^STEP/m)
    })

    it('prints that size and duration are unknown until the sources have been read', async () => {
      const unknown = ['1', '2'].map((id) =>
        image(id, { size: { stored: null, virtual: null, minDisk: null, minRam: null } }),
      )
      const live = stage({ images: unknown }).live()
      await planned(live, ['lab:', 'prod:'], { output: 'table', all: true })
      const text = live.output.text()
      expect(text).toMatch(/^All: size and duration are unknown until the sources have been read\.$/m)
      expect(text).not.toContain('Not counted')
    })

    it('prints that the spool space is unknown if the size of one image is', async () => {
      const live = stage({
        images: [image('1'), image('2', { size: { stored: null, virtual: null, minDisk: null, minRam: null } })],
      }).live()
      await planned(live, ['lab:', 'prod:'], { output: 'table', all: true })
      const text = live.output.text()
      expect(text).toMatch(/the largest needs an unknown amount of spool space\.$/m)
      expect(text).toMatch(/^Not counted: 1 image of unknown size\.$/m)
    })

    it('prints complete plans with --fields', async () => {
      const live = stage().live()
      await planned(live, ['lab:', 'prod:'], { output: 'table', all: true, fields: true })
      expect(live.output.text().match(/^STEP /gm)).toHaveLength(2)
      expect(live.output.text()).toMatch(/^labels\.role +kept +web +web /m)
    })

    it('excludes names and IDs with --except, and refuses unknown ones', async () => {
      const { live } = stage({ images: several })
      const told = live()
      await planned(told, ['lab:', 'prod:'], { all: true, except: ['name-2', '3', '5'] })
      expect(printedPlan(told)).toMatchObject({ source: { ref: { id: '1' } } })
      const unknown = await problem(planned(live(), ['lab:', 'prod:'], { all: true, except: ['name-9'] }))
      expect(unknown.exitCode).toBe(2)
      expect(unknown.message).toBe('--except: no selected image has the ID or name "name-9"')
      expect((await problem(planned(live(), ['lab:1', 'prod:'], { except: ['2'] }))).message).toBe(
        '--except applies only to --all',
      )
    })
  })

  it('creates the same plan for the same transfer', async () => {
    const { live } = stage()
    const [one, two] = [live(), live()]
    await planned(one, ['lab:1', 'prod:'])
    await planned(two, ['lab:1', 'prod:'])
    expect(one.output.text()).toBe(two.output.text())
  })

  it('applies --set-… options to the new image', async () => {
    const live = stage().live()
    await planned(live, ['lab:1', 'prod:'], {
      setName: 'renamed',
      setLabel: ['a=b'],
      setTag: ['lts'],
      minDisk: '1GiB',
      setVisibility: 'community',
      protect: true,
    })
    expect(printedPlan(live)).toMatchObject({
      request: { name: 'renamed', minDisk: 2 ** 30 },
      finalSettings: { visibility: 'community', protect: true },
    })
    expect(printedPlan(live).request?.tags).toContain('lts')
  })

  it('accepts files as source and target', async () => {
    const file = folder.file('planned.raw', DISK)
    const { live } = stage()
    const [up, down] = [live(), live()]
    await planned(up, [file, 'prod:new'], { sourceFormat: 'raw' })
    expect(printedPlan(up)).toMatchObject({
      source: { kind: 'file', path: file, size: DISK.length },
      request: { name: 'new' },
    })
    await planned(down, ['lab:1', folder.path('down.raw')])
    expect(printedPlan(down)).toMatchObject({ target: { kind: 'file', path: folder.path('down.raw') }, request: null })
  })

  it('prints plans and created images as rows', async () => {
    const { live, prod, env } = stage()
    const plans = live()
    expect(await planned(plans, ['lab:1', 'lab:2', 'prod:'], { output: 'value', columns: 'from,to,kept' })).toBe(0)
    expect(plans.output.lines().map((line) => line.split('\t').length)).toEqual([3, 3])
    const ids = live()
    expect(await copied({ env }, ids, ['lab:1', 'lab:2', 'prod:'], { output: 'table', quiet: true })).toBe(0)
    expect(ids.output.lines().toSorted()).toEqual((await listImages(prod)).map(({ ref }) => ref.id).toSorted())
    const early = live()
    expect(
      (await problem(copied({ env }, early, ['lab:1', 'prod:'], { output: 'value', columns: 'kept' }))).message,
    ).toMatch(/unknown column "kept" \(one of: made, size/)
  })

  it('prints no ID for a blocked plan', async () => {
    const { live, env } = stage({ images: [image('1', { status: 'unavailable' })] })
    const quiet = live()
    expect(await copied({ env }, quiet, ['lab:1', 'prod:'], { output: 'table', quiet: true })).toBe(EXIT.refused)
    expect(quiet.output.text()).toBe('')
    expect(quiet.messages.lines().at(-1)).toBe('imago: the plan is blocked; nothing was transferred')
    expect(quiet.messages.lines()).toHaveLength(2)
  })

  it('reports a blocked plan, and ends with 6', async () => {
    const { live, lab, env } = stage({ images: [image('1', { status: 'unavailable' })] })
    const table = live()
    expect(await planned(table, ['lab:1', 'prod:'], { output: 'table' })).toBe(EXIT.refused)
    expect(table.output.text()).toMatch(/^Blocked \(source-status\): /m)
    const copying = live()
    expect(await copied({ env }, copying, ['lab:1', 'prod:'], { yes: true })).toBe(EXIT.refused)
    expect(copying.messages.text()).toBe('imago: the plan is blocked; nothing was transferred\n')
    expect(findSchemaFaults('plan', copying.output.text())).toEqual([])
    expect(await listImages(lab)).toHaveLength(1)
  })

  it.each<[readonly string[], object, number, RegExp]>([
    [['lab:1'], {}, 2, /a source or the target is missing/],
    [['lab:1', 'https://example.com/x'], {}, 2, /images cannot be uploaded to a URL/],
    [['lab:1', 'prod'], {}, 2, /invalid target "prod"\. Use cloud:, cloud:name or \.\/file/],
    [['lab:', 'prod:'], {}, 2, /the ID or name is missing/],
    [['lab:1', 'lab:2', 'prod:x'], {}, 2, /2 images cannot have the same name "x"\. Omit the name/],
    [['lab:1', 'lab:2', 'prod:'], { setName: 'x' }, 2, /2 images cannot have the same name "x"\. Omit the name/],
    [['lab:1', 'lab:2', './x.raw'], {}, 2, /2 images cannot be written to one file: \.\/x\.raw/],
    [['lab:1', 'prod:'], { all: true }, 2, /--all takes clouds, not images: lab:1/],
    [['lab:', 'prod:'], { all: true, os: 'debian' }, 3, /no image matches/],
    [['lab:1', 'nowhere:'], {}, 3, /nowhere/],
    [['lab:gone', 'prod:'], {}, 3, /image not found: lab:gone/],
    [['./no-such-file', 'prod:'], {}, 1, /no-such-file/],
    [['lab:1', 'prod:'], { minDisk: 'much' }, 2, /--min-disk: invalid value "much"/],
  ])('%j %j ends with %i', async (words, options, code, message) => {
    const error = await problem(planned(stage().live(), words, options))
    expect(error.exitCode).toBe(code)
    expect(error.message).toMatch(message)
  })
})

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

/** Refuses uploads until `mend` is called. */
const failing = (): { readonly wrap: (source: ImageSource) => ImageSource; readonly mend: () => void } => {
  let isBroken = true
  return {
    wrap: (source) => ({
      ...source,
      upload: (...args) =>
        isBroken
          ? TE.left(unavailable(createErrorSite(createCloud('prod'), 'upload'), { what: 'the store is down' }))
          : (source.upload as NonNullable<ImageSource['upload']>)(...args),
    }),
    mend: () => void (isBroken = false),
  }
}

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

describe('apply', () => {
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
    const one = folder.file(`plan-${stages}.json`, await planText(live(), ['lab:1', 'prod:']))
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
    const file = folder.file(`hostile-${stages}.json`, JSON.stringify(change(plan)))
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

describe('cleanup', () => {
  const LEFT: readonly OrphanedResource[] = [
    { kind: 'server', id: '17', name: 'imago-abc', run: 'run-a', epoch: 2, createdAt: '2026-11-22T11:00:00Z' },
    { kind: 'ssh-key', id: '4', name: null, run: 'run-b', epoch: null, createdAt: null },
  ]
  const littered = () => {
    const removed: string[] = []
    const staged = stage({
      toLab: (source) => ({
        ...source,
        orphans: () => TE.right(LEFT),
        deleteOrphan: ({ id }) => TE.fromIO(() => void removed.push(id)),
      }),
    })
    return { ...staged, removed }
  }

  it('deletes resources after confirmation', async () => {
    const { live, removed } = littered()
    const told = live()
    const asked: string[] = []
    expect(await cleanup(['lab'], { output: 'table' }, told, async (question) => asked.push(question) > 0)).toBe(0)
    expect(asked).toEqual(['Delete 2 resources, including those of runs in progress?'])
    expect(told.output.lines()[1]).toMatch(/^openstack\/lab +server +17 +imago-abc +run-a +2 +2026-11-22T11:00:00Z/)
    expect(told.messages.lines()).toEqual(['openstack/lab: server 17 deleted', 'openstack/lab: ssh-key 4 deleted'])
    expect(removed).toEqual(['17', '4'])
  })

  it('deletes nothing if the user declines, or without a terminal', async () => {
    const { live, removed } = littered()
    expect(await cleanup(['lab'], { output: 'json' }, live(), () => Promise.resolve(false))).toBe(1)
    const told = live()
    expect((await problem(cleanup([], { output: 'json' }, told, null))).exitCode).toBe(2)
    expect(findSchemaFaults('orphans', told.output.text())).toEqual([])
    expect(removed).toEqual([])
  })

  it('does not ask with --yes, and selects by --run', async () => {
    const { live, removed } = littered()
    expect(await cleanup([], { output: 'table', yes: true, run: 'run-b' }, live(), null)).toBe(0)
    expect(removed).toEqual(['4'])
  })

  it('neither asks nor deletes with --dry-run', async () => {
    const { live, removed } = littered()
    const told = live()
    expect(await cleanup([], { output: 'table', dryRun: true }, told, null)).toBe(0)
    expect(told.output.lines()).toHaveLength(3)
    expect(removed).toEqual([])
  })

  it('reports that no resources were found', async () => {
    const { live } = stage()
    const told = live()
    expect(await cleanup(['prod'], { output: 'table' }, told, null)).toBe(0)
    expect(told.messages.text()).toBe('imago: no orphaned resources found\n')
  })

  it('reports a cloud that fails, and cleans up the others', async () => {
    const { live, removed } = littered()
    const base = live()
    const down = unavailable(createErrorSite(createCloud('prod'), 'open'), { what: 'it is down' })
    const told: MemoryLive = {
      ...base,
      open: (target) => (target.name === 'prod' ? Promise.resolve(E.left(down)) : base.open(target)),
    }
    expect(await cleanup([], { output: 'table', yes: true }, told, null)).toBe(EXIT.temporary)
    expect(told.messages.text()).toMatch(/it is down/)
    expect(removed).toEqual(['17', '4'])
  })
})
