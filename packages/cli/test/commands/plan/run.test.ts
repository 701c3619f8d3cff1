import { describe, expect, it } from '@jest/globals'
import type { Plan } from '@imago/transfer'
import { gzipSync } from 'node:zlib'
import { EXIT } from '../../../src/exit-code.ts'
import { createTar } from '../../../../transfer/test/archive/archives.ts'
import { qemuImage } from '../../../../inspect/test/images.ts'
import { findSchemaFaults } from '../../schema-faults.ts'
import { folder, DISK, image, stage, listImages, copied, planned, printedPlan, problem } from '../../transfer/stage.ts'

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
