import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { madeBy, movingScene, type MovingScene } from './transfer-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const MIB = 2 ** 20
/** A raw disk without a partition table. */
const disk = (size: number): Buffer => Buffer.alloc(size, 'imago').fill(0, 0, 512)

const told = movingScene({
  openstack: {
    catalogue: 'none',
    quotas: { images: 3, storage: 4 * MIB, tags: 2 },
    formats: { disk: ['raw', 'qcow2'], container: ['bare'] },
  },
})
/** A cloud whose limits no request returns. */
const silent = movingScene({ openstack: { catalogue: 'none', quotas: { storage: 4 * MIB, tags: 2 } } })

const spooled = ({ folder }: MovingScene): readonly string[] => {
  const spool = join(folder.path('home'), '.cache/imago/spool')
  return existsSync(spool)
    ? readdirSync(spool, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [entry.name] : [],
      )
    : []
}
/** The requests that change an image, or transfer its data. */
const moved = ({ openstack }: MovingScene): readonly string[] =>
  openstack()
    .requests.all()
    .filter(({ method, url }) => url.includes('/v2/images') && (method !== 'GET' || url.endsWith('/file')))
    .map(({ method, url }) => `${method} ${url}`)

const names = async (scene: MovingScene, cloud: string): Promise<readonly string[]> =>
  (await scene.imago(['list', cloud, '--columns', 'name', '-o', 'value'])).stdout
    .split('\n')
    .filter((line) => line !== '')

const blocked = (check: string, what: RegExp): object => ({
  code: 6,
  stdout: expect.stringMatching(new RegExp(`^Blocked \\(${check}\\): .*${what.source}`, 'm')),
  stderr: 'imago: the plan is blocked; nothing was transferred\n',
})

beforeEach(() => {
  for (const scene of [told, silent]) {
    scene.openstack().requests.clear()
    scene.openstack().faults.clear()
  }
})

describe('an upload to a cloud that reports its limits', () => {
  it.each<readonly [string, string, RegExp, readonly string[], number]>([
    [
      'is larger than the quota',
      'quota',
      /the image has 5\.0 MiB, and the quota of the target leaves 4\.0 MiB \(0 B of 4\.0 MiB are used\)\. Delete images/,
      [],
      5 * MIB,
    ],
    [
      'goes to an unknown store',
      'store',
      /the target has no store "fsat" \(one of: fast, slow, web\)\. Choose a writable store \(--store fast or --store slow\)\./,
      ['--store', 'fsat'],
      MIB,
    ],
    ['goes to a read-only store', 'store', /the store web of the target is read-only/, ['--store', 'web'], MIB],
    [
      'has a disabled disk format',
      'disk-format',
      /the target does not accept the disk format vmdk \(one of: raw, qcow2\)\. Choose one of these disk formats \(--disk-format\)\./,
      ['--disk-format', 'vmdk'],
      MIB,
    ],
    ['has a name of 256 characters', 'metadata', /is longer than 255 characters/, ['--set-name', 'n'.repeat(256)], MIB],
    ['has a name with an emoji', 'metadata', /beyond U\+FFFF/, ['--set-name', 'web 🚀'], MIB],
  ])('is blocked if it %s', async (what, check, message, options, size) => {
    const file = told.folder.file(`${what}.raw`, disk(size))
    expect(await told.imago(['upload', file, 'demo:', '--source-format', 'raw', ...options])).toMatchObject(
      blocked(check, message),
    )
    expect(moved(told)).toEqual([])
    expect(spooled(told)).toEqual([])
    expect(await told.runs()).toEqual([])
  })

  it('is blocked before any download if the images exceed the quota together', async () => {
    const made = [3, 1].map((mib) => told.folder.file(`together-${mib}.raw`, disk(mib * MIB)))
    for (const file of made)
      expect((await told.imago(['upload', file, 'other:', '--source-format', 'raw'])).code).toBe(0)
    madeBy(
      await told.imago([
        'upload',
        told.folder.file('first.raw', disk(MIB)),
        'demo:first',
        '--source-format',
        'raw',
        '-o',
        'json',
      ]),
    )
    told.openstack().requests.clear()
    const ran = await told.imago(['copy', 'other:together-3', 'other:together-1', 'demo:'])
    expect(ran).toMatchObject(
      blocked(
        'quota',
        /the image has 1\.0 MiB, and the quota of the target leaves 0 B \(1\.0 MiB of 4\.0 MiB are used, and the images planned before it take 3\.0 MiB\)/,
      ),
    )
    expect(moved(told)).toEqual([])
    expect(spooled(told)).toEqual([])
    expect(await names(told, 'demo')).toEqual(['first'])
  })

  it('is blocked from a saved plan when the quota is used up, except for images that exist', async () => {
    const file = told.folder.file('saved.raw', disk(2 * MIB))
    const { stdout } = await told.imago(['plan', file, 'demo:saved', '--source-format', 'raw', '-o', 'json'])
    const plan = told.folder.file('plan.json', stdout)
    const other = told.folder.file('filler.raw', disk(2 * MIB))
    madeBy(await told.imago(['upload', other, 'demo:filler', '--source-format', 'raw', '-o', 'json']))
    told.openstack().requests.clear()
    expect(await told.imago(['apply', plan, '--progress', 'none'])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('the quota of the target leaves 1.0 MiB'),
    })
    expect(moved(told)).toEqual([])
    // An existing image needs no quota.
    const again = await told.imago(['upload', other, 'demo:filler', '--source-format', 'raw', '--progress', 'none'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('created before') })
  })

  it('is blocked if it exceeds the quota by one image', async () => {
    madeBy(
      await told.imago([
        'upload',
        told.folder.file('third.raw', disk(MIB / 2)),
        'demo:third',
        '--source-format',
        'raw',
        '-o',
        'json',
      ]),
    )
    told.openstack().requests.clear()
    expect(
      await told.imago([
        'upload',
        told.folder.file('fourth.raw', disk(MIB / 2)),
        'demo:fourth',
        '--source-format',
        'raw',
      ]),
    ).toMatchObject(blocked('quota', /one more image exceeds the quota of the target: 3 of 3 images exist\./))
    expect(moved(told)).toEqual([])
  })
})

describe('an upload to a cloud that does not report its limits', () => {
  it('reports an exceeded quota after the data was sent, and leaves no image', async () => {
    const file = silent.folder.file('large.raw', disk(5 * MIB))
    const plan = await silent.imago(['plan', file, 'demo:large', '--source-format', 'raw'])
    expect(plan).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        'Note (quota): the storage quota of the target is unknown. Check that there is room for the image.',
      ),
    })
    const ran = await silent.imago(['upload', file, 'demo:large', '--source-format', 'raw', '--progress', 'none'])
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/storage quota: The size of the data 5242880 will exceed the limit/),
    })
    expect(await names(silent, 'demo')).toEqual([])
  })

  it('reports too many tags before data is sent, and leaves no image', async () => {
    const file = silent.folder.file('tagged.raw', disk(MIB))
    const ran = await silent.imago([
      'upload',
      file,
      'demo:tagged',
      '--source-format',
      'raw',
      '--progress',
      'none',
      ...['a', 'b', 'c'].flatMap((tag) => ['--set-tag', tag]),
    ])
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/Attempted: 3, Maximum: 2.*fewer tags/) })
    expect(moved(silent).filter((request) => request.startsWith('PUT'))).toEqual([])
    expect(await names(silent, 'demo')).toEqual([])
  })

  it('succeeds if the cloud is older', async () => {
    for (const path of ['/**/v2/info/**', '/**/v2/schemas/**'])
      silent.openstack().faults.add({ path, fault: { kind: 'status', status: 404 } })
    const ran = await silent.imago([
      'upload',
      silent.folder.file('plain.raw', disk(MIB)),
      'demo:plain',
      '--source-format',
      'raw',
      '-o',
      'json',
    ])
    madeBy(ran)
  })

  it('succeeds if the cloud has no limits configured', async () => {
    silent.openstack().faults.add({ path: '/**/v2/info/usage', fault: { kind: 'status', status: 500 } })
    madeBy(
      await silent.imago([
        'upload',
        silent.folder.file('other.raw', disk(MIB)),
        'demo:other',
        '--source-format',
        'raw',
        '-o',
        'json',
      ]),
    )
  })
})
