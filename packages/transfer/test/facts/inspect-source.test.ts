import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { inspectSource } from '../../src/facts/inspect-source.ts'
import type { InspectSourceOptions } from '../../src/facts/inspect-source-options.ts'
import type { SourceFacts } from '../../src/facts/source-facts.ts'
import { countedSource, gnuArchives, SITE, createArchiveSource, createTar } from '../archive/archives.ts'
import { inspect, qemuImages } from '../../../inspect/test/images.ts'

const MIB = 2 ** 20
const LOOK: InspectSourceOptions = { site: SITE, isSeekable: true, maxBytes: 64 * MIB }

const facts = async (bytes: Uint8Array, look: Partial<InspectSourceOptions> = {}): Promise<SourceFacts> => {
  const answer = await inspectSource(createArchiveSource(bytes), { ...LOOK, ...look })
  if (E.isLeft(answer)) throw new Error(answer.left.what)
  return answer.right
}

const image = (name: string): Buffer => Buffer.from(qemuImages.get(name) ?? [])
const QCOW2 = image('qcow2 version 3')
const NOISE = Buffer.from(Array.from({ length: 3 * MIB }, (_, index) => (index * 2_654_435_761) >>> 24))

const OVF = `<Envelope xmlns="urn:ovf" xmlns:vmw="urn:vmw"><References><File id="f" href="web.qcow2"/></References><DiskSection><Disk diskId="d" fileRef="f" capacity="5" capacityAllocationUnits="byte * 2^20"/></DiskSection>
<VirtualSystem><Name>web</Name><OperatingSystemSection id="96" vmw:osType="debian12_64Guest"/></VirtualSystem></Envelope>`

describe('inspectSource', () => {
  it.each([...qemuImages.keys()])('finds the same by seeking as the inspector finds in all bytes: %s', async (name) => {
    const whole = inspect(image(name))
    const found = await facts(image(name))
    expect(found.format).toBe(whole.format)
    expect(found.virtualSize).toBe(whole.virtualSize)
    expect(found.refusal === null).toBe(whole.failures.length === 0)
  })

  it.each(['qcow2 version 3', 'vhdx dynamic', 'vmdk streamOptimized', 'vdi dynamic', 'vhd dynamic'])(
    'finds the same in a compressed file or an archive: %s',
    async (name) => {
      const { format, virtualSize } = inspect(image(name))
      expect(await facts(gzipSync(image(name)))).toEqual({
        compression: 'gzip',
        archive: null,
        format,
        virtualSize,
        refusal: null,
      })
      for (const bytes of [
        createTar({ name: 'disk', data: image(name) }),
        createTar({ name: 'disk.gz', data: gzipSync(image(name)) }),
      ])
        expect(await facts(bytes)).toMatchObject({ compression: null, format, virtualSize, refusal: null })
      expect(await facts(gzipSync(createTar({ name: 'disk', data: image(name) })))).toMatchObject({
        compression: 'gzip',
        archive: { member: 'disk', problem: null },
        format,
        virtualSize,
      })
    },
  )

  it('returns the size of a raw disk in an archive, including holes', async () => {
    expect(await facts(gzipSync(gnuArchives.get('sparse, old GNU') ?? ''))).toEqual({
      compression: 'gzip',
      archive: { member: 'disk.raw', digest: null, machine: null, capacity: null, problem: null },
      format: 'raw',
      virtualSize: 32 * MIB,
      refusal: null,
    })
  })

  it('returns the OVF of an OVA and the digest of its disk', async () => {
    const sum = 'ab'.repeat(32)
    expect(
      await facts(
        createTar(
          { name: 'web.ovf', data: OVF },
          { name: 'web.mf', data: `SHA256(web.qcow2)= ${sum}` },
          { name: 'web.qcow2', data: QCOW2 },
          { name: 'data.qcow2', data: QCOW2 },
        ),
      ),
    ).toEqual({
      compression: null,
      format: 'qcow2',
      virtualSize: 5 * MIB,
      refusal: null,
      archive: {
        member: 'web.qcow2',
        digest: { algorithm: 'sha256', value: sum },
        capacity: 5 * MIB,
        problem: null,
        machine: {
          name: 'web',
          osType: 'debian12_64Guest',
          osId: 96,
          firmware: null,
          secureBoot: null,
          cpus: null,
          memory: null,
        },
      },
    })
  })

  it('refuses an OVA whose digests differ from its manifest', async () => {
    const ova = (line: string): Buffer =>
      createTar({ name: 'web.ovf', data: OVF }, { name: 'web.mf', data: line }, { name: 'web.qcow2', data: QCOW2 })
    expect(await facts(ova(`SHA256(web.ovf)= ${'ab'.repeat(32)}`))).toMatchObject({
      refusal: { check: 'damaged', what: 'web.ovf does not have the digest that the archive’s manifest declares' },
    })
    expect(await facts(ova('SHA256(web.qcow2)= zz'))).toMatchObject({
      refusal: {
        check: 'damaged',
        what: 'the archive’s manifest cannot be read: what it declares for web.qcow2 is not a digest',
      },
    })
  })

  it('lists several disks, and selects the named one', async () => {
    const two = createTar({ name: 'a.raw', data: NOISE }, { name: 'x/b.qcow2', data: QCOW2 })
    expect(await facts(two)).toMatchObject({
      archive: { member: null, problem: 'it has 2 disks (a.raw, x/b.qcow2)' },
      format: null,
      virtualSize: null,
    })
    expect(await facts(two, { member: 'b.qcow2' })).toMatchObject({
      archive: { member: 'x/b.qcow2', problem: null },
      format: 'qcow2',
    })
    expect(await facts(two, { member: 'c' })).toMatchObject({
      archive: { member: null, problem: 'it has no file c; it contains a.raw, x/b.qcow2' },
    })
  })

  it('suggests naming a file only if that helps', async () => {
    const advice = async (bytes: Uint8Array): Promise<string | undefined> => (await facts(bytes)).archive?.advice
    expect(await advice(createTar({ name: 'a.raw', data: NOISE }, { name: 'b.raw', data: NOISE }))).toBeUndefined()
    expect(await advice(createTar({ name: 'a.raw', data: NOISE }, { name: './a.raw', data: QCOW2 }))).toBe(
      'Extract the disk image and use that',
    )
    expect(await advice(createTar({ name: 'disk.raw', type: 'SymbolicLink' }))).toBe(
      'Choose another source: the archive has no files',
    )
  })

  it('detects an encrypted qcow2', async () => {
    const encrypted = image('qcow2 encrypted')
    for (const bytes of [encrypted, gzipSync(encrypted), createTar({ name: 'disk', data: encrypted })])
      expect(await facts(bytes)).toMatchObject({ format: 'qcow2', isEncrypted: true })
    expect(await facts(QCOW2)).not.toHaveProperty('isEncrypted')
  })

  it('does not open an archive or decompress when disabled', async () => {
    expect(await facts(createTar({ name: 'a.raw', data: NOISE }), { archive: 'none' })).toMatchObject({ archive: null })
    expect(await facts(gzipSync(createTar({ name: 'a.raw', data: NOISE })), { archive: 'none' })).toMatchObject({
      compression: 'gzip',
      archive: null,
    })
    expect(await facts(gzipSync(QCOW2), { compression: 'none' })).toMatchObject({ compression: null, archive: null })
  })

  it('reports no missing disk for an archive that was not read to its end', async () => {
    const late = gzipSync(
      createTar(
        { name: 'notes.bin', data: NOISE },
        { name: 'more.bin', data: NOISE },
        { name: 'disk.raw', data: NOISE },
      ),
    )
    expect(await facts(late, { maxBytes: 4 * MIB })).toMatchObject({ archive: { problem: null } })
    expect(await facts(late)).toMatchObject({ archive: { member: 'disk.raw' } })
  })

  it('reports an archive that is truncated, damaged or without a disk', async () => {
    const whole = createTar({ name: 'a.raw', data: NOISE })
    expect(await facts(whole.subarray(0, 1_000_000))).toMatchObject({
      refusal: { check: 'damaged', what: expect.stringMatching(/^the archive is truncated/) },
    })
    expect(await facts(gzipSync(whole).subarray(0, -2000))).toMatchObject({
      refusal: { check: 'damaged', what: expect.stringContaining('truncated') },
    })
    expect(await facts(createTar({ name: 'etc/passwd', data: 'x' }, { name: 'etc/group', data: 'y' }))).toMatchObject({
      archive: { member: null, problem: expect.stringContaining('it has no disk') },
    })
  })

  it('reads little of a large source', async () => {
    const large = Buffer.alloc(100 * MIB)
    QCOW2.copy(large)
    const { source, read } = countedSource(large)
    expect(await inspectSource(source, LOOK)).toMatchObject({ right: { format: 'qcow2' } })
    expect(read()).toBeLessThan(MIB)
  })

  it('reads at most its budget from a source without ranges', async () => {
    const { source, read } = countedSource(
      createTar({ name: 'a.raw', data: Buffer.alloc(50 * MIB) }, { name: 'b.raw', data: QCOW2 }),
    )
    const answer = await inspectSource(source, { ...LOOK, isSeekable: false, maxBytes: 4 * MIB })
    expect(answer).toMatchObject({ right: { archive: { member: 'a.raw' }, virtualSize: 50 * MIB } })
    expect(read()).toBeLessThan(6 * MIB)
  })
})
