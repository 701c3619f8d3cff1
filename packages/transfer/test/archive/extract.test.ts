import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { extract, type MemberChoice } from '../../src/archive/extract.ts'
import type { LimitAdvice } from '../../src/decompress/decompress.ts'
import { entryBytes, gnuArchives, readAll, SITE, createArchiveSource, SPARSE_DISK, createTar } from './archives.ts'

const DISK = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 251))
const ONLY: MemberChoice = { compression: null, member: null, isNamed: false, digest: null }

const result = async (
  bytes: Uint8Array,
  choice: Partial<MemberChoice> = {},
  maxBytes: number | null = null,
): Promise<string> => {
  const read = await readAll(extract(createArchiveSource(bytes), { ...ONLY, ...choice }, { maxBytes }, SITE))
  if (E.isLeft(read)) return `${read.left._tag}: ${read.left.what}`
  return read.right.equals(DISK) ? 'the disk' : `${read.right.length} other bytes`
}

const ovf = (file: string, more = ''): string =>
  `<Envelope xmlns="urn:ovf" xmlns:ovf="urn:ovf"><References><File ovf:id="f" ovf:href="${file}"/>${more}</References><DiskSection><Disk ovf:diskId="d" ovf:fileRef="f" ovf:capacity="1"/></DiskSection><VirtualSystem/></Envelope>`

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('extract', () => {
  it('returns the only disk of an archive', async () => {
    expect(await result(createTar({ name: 'disk.raw', data: DISK }))).toBe('the disk')
    expect(await result(createTar({ name: 'image', data: DISK }))).toBe('the disk')
    expect(
      await result(
        createTar(
          { name: 'a/', type: 'Directory' },
          { name: 'a/README.txt', data: 'x' },
          { name: 'a/._disk.raw', data: 'y' },
          { name: 'a/disk.raw', data: DISK },
          { name: 'LICENSE', data: 'z' },
        ),
      ),
    ).toBe('the disk')
  })

  it('returns a named disk', async () => {
    expect(await result(createTar({ name: 'disk.raw', data: DISK }), { member: 'disk.raw' })).toBe('the disk')
  })

  it('decompresses the archive and the disk', async () => {
    expect(await result(gzipSync(createTar({ name: 'disk.raw', data: DISK })), { compression: 'gzip' })).toBe(
      'the disk',
    )
    expect(await result(createTar({ name: 'disk.raw.gz', data: gzipSync(DISK) }))).toBe('the disk')
    expect(
      await result(gzipSync(createTar({ name: 'disk.raw.gz', data: gzipSync(DISK) })), {
        compression: 'gzip',
        member: 'disk.raw.gz',
      }),
    ).toBe('the disk')
  })

  it('returns a sparse disk with its holes', async () => {
    const answer = await readAll(
      extract(
        createArchiveSource(gzipSync(gnuArchives.get('sparse, old GNU') ?? '')),
        { ...ONLY, compression: 'gzip' },
        { maxBytes: null },
        SITE,
      ),
    )
    expect(E.isRight(answer) && answer.right.equals(SPARSE_DISK)).toBe(true)
  })

  it('refuses several disks, even if the second follows the first', async () => {
    const two = createTar({ name: 'a.vmdk', data: 'x' }, { name: 'b.vmdk', data: DISK })
    expect(await result(two)).toBe(
      'Rejected: the disk in the archive cannot be determined: it has 2 disks (a.vmdk, b.vmdk)',
    )
    expect(await result(two, { member: 'a.vmdk' })).toMatch(/it has 2 disks \(a.vmdk, b.vmdk\)$/)
    expect(await result(two, { member: 'b.vmdk', isNamed: true })).toBe('the disk')
  })

  it('finds a member by the last part of its name', async () => {
    expect(
      await result(createTar({ name: 'x/a.raw', data: 'x' }, { name: './y/b.raw', data: DISK }), {
        member: 'b.raw',
        isNamed: true,
      }),
    ).toBe('the disk')
    expect(
      await result(createTar({ name: 'x/a.raw', data: 'x' }, { name: 'y/a.raw', data: DISK }), {
        member: 'a.raw',
        isNamed: true,
      }),
    ).toMatch(/several files in it are called a.raw \(x\/a.raw, y\/a.raw\)$/)
    expect(await result(createTar({ name: 'x/a.raw', data: 'x' }), { member: 'b.raw', isNamed: true })).toMatch(
      /it has no file b.raw; it contains x\/a.raw$/,
    )
  })

  it('returns the decompressed file that the OVF names', async () => {
    const others = [
      { name: 'data.vmdk', data: 'x' },
      { name: 'cd.iso', data: 'y' },
    ]
    expect(
      await result(
        createTar({ name: 'web.ovf', data: ovf('web.vmdk', '<File ovf:id="g" ovf:href="cd.iso"/>') }, ...others, {
          name: 'web.vmdk',
          data: DISK,
        }),
      ),
    ).toBe('the disk')
    expect(
      await result(
        createTar({ name: 'web.ovf', data: ovf('web.vmdk.gz') }, { name: 'web.vmdk.gz', data: gzipSync(DISK) }),
      ),
    ).toBe('the disk')
    expect(
      await result(createTar(...others, { name: 'web.vmdk', data: DISK }, { name: 'web.ovf', data: ovf('web.vmdk') })),
    ).toBe('the disk')
    expect(await result(createTar({ name: 'web.ovf', data: ovf('gone.vmdk') }, ...others))).toMatch(
      /it has no file gone.vmdk/,
    )
    expect(await result(createTar({ name: 'web.ovf', data: '<nonsense' }, { name: 'web.vmdk', data: DISK }))).toMatch(
      /cannot be determined: its OVF is invalid \(it is not well-formed XML\); the archive contains web.ovf, web.vmdk$/,
    )
    expect(
      await result(createTar({ name: 'web.ovf', data: Buffer.alloc(2 ** 20 + 1) }, { name: 'web.vmdk', data: DISK })),
    ).toMatch(/its OVF has 1048577 bytes, and at most 1048576 are supported; the archive contains web.ovf, web.vmdk$/)
    expect(
      await result(createTar({ name: 'web.ovf', data: '<nonsense' }, { name: 'web.vmdk', data: DISK }), {
        member: 'web.vmdk',
        isNamed: true,
      }),
    ).toBe('the disk')
  })

  it('compares the disk with its manifest at any position', async () => {
    const [right, wrong] = [`SHA256(web.vmdk)= ${sha256(DISK)}`, `SHA256(web.vmdk)= ${sha256(Buffer.from('x'))}`]
    const ova = (manifest: string, isFirst: boolean): Buffer => {
      const [description, disk, sums] = [
        { name: 'web.ovf', data: ovf('web.vmdk') },
        { name: 'web.vmdk', data: DISK },
        { name: 'web.mf', data: manifest },
      ]
      return isFirst ? createTar(description, sums, disk) : createTar(description, disk, sums)
    }
    for (const isFirst of [true, false]) {
      for (const member of [null, 'web.vmdk']) {
        expect(await result(ova(right, isFirst), { member })).toBe('the disk')
        expect(await result(ova(wrong, isFirst), { member })).toBe(
          'IntegrityFailed: web.vmdk does not have the digest that the archive’s manifest declares',
        )
        expect(await result(gzipSync(ova(wrong, isFirst)), { member, compression: 'gzip' })).toMatch(
          /^IntegrityFailed: web.vmdk/,
        )
      }
    }
    expect(
      await result(ova(right, true), {
        member: 'web.vmdk',
        digest: { algorithm: 'sha256', value: sha256(Buffer.from('x')) },
      }),
    ).toMatch(/^IntegrityFailed: web.vmdk/)
  })

  describe.each(['before', 'after'])('with a manifest %s the disk', (where) => {
    const description = ovf('web.vmdk')
    const ova = (manifest: string): Buffer => {
      const [disk, sums] = [
        { name: 'web.vmdk', data: DISK },
        { name: 'web.mf', data: manifest },
      ]
      return createTar({ name: 'web.ovf', data: description }, ...(where === 'before' ? [sums, disk] : [disk, sums]))
    }
    const [ofOvf, ofDisk] = [
      `SHA256(web.ovf)= ${sha256(Buffer.from(description))}`,
      `SHA256(web.vmdk)= ${sha256(DISK)}`,
    ]

    it.each([null, 'web.vmdk'])('compares the OVF with it, too (member %s)', async (member) => {
      expect(await result(ova(`${ofOvf}\n${ofDisk}\n`), { member })).toBe('the disk')
      expect(await result(ova(`SHA256(web.ovf)= ${sha256(DISK)}\n${ofDisk}\n`), { member })).toBe(
        'IntegrityFailed: web.ovf does not have the digest that the archive’s manifest declares',
      )
    })

    it.each([
      'SHA256(web.vmdk)= zz',
      'SHA256(web.vmdk)=',
      'SHA256 (web.vmdk)   =  z)z',
      'SHA256(web.vmdk) zz',
      `SHA1(web.vmdk)= ${sha256(DISK)}`,
      `SHA256(web.vmdk)= ${'g'.repeat(64)}`,
      'SHA256(web.ovf)= zz',
    ])('refuses an invalid digest: %s', async (line) => {
      for (const member of [null, 'web.vmdk'])
        expect(await result(ova(line), { member })).toMatch(
          /^IntegrityFailed: the archive’s manifest cannot be read: what it declares for web\.(?:vmdk|ovf) is not a digest$/,
        )
    })

    it('ignores entries of other files', async () =>
      expect(await result(ova(`SHA256(other.vmdk)= zz\n${ofDisk}`))).toBe('the disk'))

    it('compares all its algorithms', async () => {
      expect(await result(ova(`SHA1(web.vmdk)= ${'ab'.repeat(20)}\n${ofDisk}`), { member: 'web.vmdk' })).toBe(
        'IntegrityFailed: web.vmdk does not have the digest that the archive’s manifest declares',
      )
    })

    it('reports digests that it cannot compare', async () => {
      const notes = async (manifest: string): Promise<readonly string[]> => {
        const notes: string[] = []
        expect(
          E.isRight(
            await readAll(
              extract(
                createArchiveSource(ova(manifest)),
                ONLY,
                { maxBytes: null, note: (what) => notes.push(what) },
                SITE,
              ),
            ),
          ),
        ).toBe(true)
        return notes
      }
      expect(await notes('SHA9(web.ovf)= 12\nSHA9(web.vmdk)= 12')).toEqual(
        ['web.ovf', 'web.vmdk'].map(
          (name) => `the digest of ${name} in the archive’s manifest was not compared: unsupported algorithm sha9`,
        ),
      )
      expect(await notes(`SHA9(web.vmdk)= 12\n${ofOvf}\n${ofDisk}`)).toEqual([])
    })
  })

  it('never returns all of a disk from a truncated archive', async () => {
    const whole = createTar({ name: 'disk.raw', data: DISK })
    for (const member of [null, 'disk.raw']) {
      expect(await result(whole.subarray(0, 100), { member })).toBe('Rejected: not a tar archive: it has 100 bytes')
      for (const length of [512, 600, 50_000, 70_511, 70_600, whole.length - 1024])
        expect(await result(whole.subarray(0, length), { member })).toMatch(
          /^IntegrityFailed: the archive is truncated/,
        )
      const packed = gzipSync(whole)
      for (const length of [20, packed.length >> 1, packed.length - 8, packed.length - 1])
        expect(await result(packed.subarray(0, length), { member, compression: 'gzip' })).toMatch(
          /^IntegrityFailed: the gzip data cannot be decompressed: it is truncated/,
        )
    }
  })

  it('refuses a header with a size beyond the archive or the limit', async () => {
    const lying = (size: number): Buffer =>
      Buffer.concat([entryBytes({ name: 'disk.raw', data: DISK, size }), Buffer.alloc(1024)])
    expect(await result(lying(200_000))).toMatch(/^IntegrityFailed: the archive is truncated: it ends inside disk.raw$/)
    expect(await result(lying(2 ** 50), { member: 'disk.raw' })).toMatch(
      /^UnsafeImage: disk.raw in the archive has 1.0 PiB/,
    )
    expect(await result(createTar({ name: 'disk.raw', data: DISK }), {}, 1000)).toMatch(
      /^UnsafeImage: disk.raw in the archive has 68.4 KiB, more than the 1000 B/,
    )
  })

  it.each([
    ['a link', { name: 'disk.raw', type: 'SymbolicLink' as const }],
    ['a hard link', { name: 'disk.raw', type: 'Link' as const }],
    ['a device', { name: 'disk.raw', type: 'CharacterDevice' as const }],
    ['a pipe', { name: 'disk.raw', type: 'FIFO' as const }],
  ])('does not accept %s as a disk', async (_, entry) => {
    expect(await result(createTar(entry))).toMatch(/^Rejected: .*it has no disk/)
    expect(await result(createTar(entry), { member: 'disk.raw', isNamed: true })).toMatch(
      /^Rejected: .*disk.raw in it is not a file/,
    )
    expect(await result(createTar(entry, { name: 'real.raw', data: DISK }))).toBe('the disk')
  })

  it.each(['../../etc/cron.d/x.raw', '/dev/sda.raw', 'C:\\windows\\x.raw', 'a\u0000b.raw', '-rf.raw', '..'])(
    'does not use the name %s as a path',
    async (name) => {
      expect(await result(createTar({ name, data: DISK }))).toBe('the disk')
    },
  )

  it('refuses two files with the same name', async () => {
    const twice = createTar({ name: 'disk.raw', data: DISK }, { name: './disk.raw', data: 'x' })
    expect(await result(twice)).toMatch(/2 files in it are called disk.raw/)
    expect(await result(twice, { member: 'disk.raw' })).toMatch(/2 files in it are called disk.raw/)
    expect(await result(twice, { member: 'disk.raw', isNamed: true })).toMatch(/2 files in it are called disk.raw/)
  })

  it('advises to name the disk file if it cannot be determined', async () => {
    const two = createTar({ name: 'a.vmdk', data: 'x' }, { name: 'b.vmdk', data: DISK })
    const none = createTar({ name: 'etc/passwd', data: 'x' }, { name: 'etc/group', data: 'y' })
    for (const archive of [two, none])
      expect(await readAll(extract(createArchiveSource(archive), ONLY, { maxBytes: null }, SITE))).toMatchObject({
        left: {
          hint: 'Create a new plan with the name of the disk file in the archive',
          changes: [{ parameter: 'member', values: [] }],
        },
      })
  })

  it('refuses another disk than that of the plan', async () => {
    const archive = createTar(
      { name: 'a.vmdk', data: DISK },
      { name: 'b.vmdk', data: 'x' },
      { name: 'web.ovf', data: ovf('b.vmdk') },
    )
    expect(await result(archive, { member: 'a.vmdk' })).toBe(
      'Rejected: the plan expects the disk a.vmdk in the archive, but it is b.vmdk',
    )
  })

  it('advises to extract a larger disk by other means, or as the caller says', async () => {
    const archive = createTar({ name: 'disk.raw', data: DISK })
    const read = (advice?: LimitAdvice): Promise<unknown> =>
      readAll(extract(createArchiveSource(archive), ONLY, { maxBytes: 1000, advice }, SITE))
    expect(await read()).toMatchObject({
      left: { hint: 'Extract the disk by other means, then create a new plan with it', remedy: 'new-plan' },
    })
    expect(await read({ hint: 'Raise it' })).toMatchObject({ left: { hint: 'Raise it' } })
  })

  it('lists the files of an archive without a disk', async () => {
    expect(await result(createTar({ name: 'etc/passwd', data: 'x' }, { name: 'etc/group', data: 'y' }))).toMatch(
      /it has no disk; it contains etc\/passwd, etc\/group$/,
    )
    expect(await result(createTar())).toMatch(/it has no disk; it is empty$/)
  })

  it('refuses bytes that are not an archive, or that follow its end', async () => {
    expect(await result(DISK)).toBe('Rejected: not a tar archive: it does not begin with a header')
    expect(await result(Buffer.concat([createTar({ name: 'disk.raw', data: DISK }), Buffer.from('more')]))).toMatch(
      /other data follows its end$/,
    )
    expect(await result(Buffer.concat([createTar({ name: 'disk.raw', data: DISK }), Buffer.alloc(9000)]))).toBe(
      'the disk',
    )
  })
})
