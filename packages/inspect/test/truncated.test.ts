import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inspectRanges } from '../src/inspect-ranges.ts'
import type { Inspection } from '../src/index.ts'
import { failed, inspect, qemuImagesWithData, vectorImage, zeros } from './images.ts'

const KIB = 1024

const inspectBySeeking = (bytes: Uint8Array): Promise<Inspection> =>
  inspectRanges(async (start, end) => bytes.subarray(start, end), bytes.length)

/** Bytes at the end of the file that hold no data: padding of the last compressed sector, the rest of the last cluster, and room that qemu-img leaves for a grain. */
const SPARE: Readonly<Record<string, number>> = {
  'qcow2 compressed': 512,
  'qcow2 large clusters': 2 * KIB * KIB,
  'vmdk streamOptimized': 64 * KIB,
}
/** Found only by seeking, since its L2 tables come before the L1 table that names them. */
const BACKWARDS: ReadonlySet<string> = new Set(['qcow2 preallocated'])
/** In bytes: a shorter file has no complete header. */
const HEADER = 600
/** Checks that a shortened image can fail. */
const CUT: ReadonlySet<string> = new Set(['truncated', 'metadata', 'descriptor'])

const images = [...qemuImagesWithData]
  .map(([name, bytes]) => ({ name, bytes }))
  .filter(({ name }) => name !== 'vhd fixed')

describe.each(images)('$name', ({ name, bytes }) => {
  it('passes when it is complete, as a stream and by seeking', async () => {
    const whole = inspect(bytes)
    expect(whole.failures).toEqual([])
    expect(whole.doubts).toBeUndefined()
    expect(whole.virtualSize).toBeGreaterThanOrEqual(1_310_720)
    expect(await inspectBySeeking(bytes)).toEqual(whole)
  })

  it('passes when more bytes follow', async () => {
    const longer = new Uint8Array(bytes.length + 70_000)
    longer.set(bytes)
    expect(failed(inspect(longer))).toEqual([])
    expect(failed(await inspectBySeeking(longer))).toEqual([])
  })

  const last = bytes.length - (SPARE[name] ?? 0) - 1
  const cut = fc.oneof(
    fc.constantFrom(
      ...[1, 2, 511, 512, 513, 4096, 65_536].map((less) => last + 1 - less).filter((length) => length >= HEADER),
    ),
    fc.integer({ min: HEADER, max: last }),
  )
  const isCut = (inspection: Inspection): boolean => failed(inspection).some((check) => CUT.has(check))

  it('fails when it was cut short', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        const shorter = bytes.subarray(0, length)
        if (!BACKWARDS.has(name)) expect(isCut(inspect(shorter))).toBe(true)
        expect(isCut(await inspectBySeeking(shorter))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})

describe('truncated images', () => {
  it('names both ends in its message', () => {
    const bytes = qemuImagesWithData.get('qcow2') ?? zeros(0)
    expect(inspect(bytes.subarray(0, 500_000)).failures).toEqual([
      {
        check: 'truncated',
        what: `the image was cut short: it ends after 500000 bytes, and its tables point to byte ${bytes.length}`,
        source: 'QEMU, docs/interop/qcow2.txt',
      },
    ])
  })

  describe('a fixed VHD', () => {
    const bytes = qemuImagesWithData.get('vhd fixed') ?? zeros(0)
    const disk = bytes.length - 512

    it('has the size that its footer gives', () =>
      expect(inspect(bytes)).toEqual({ format: 'vhd', formats: ['vhd'], virtualSize: disk, failures: [] }))

    it('is truncated when bytes before its footer are missing', () => {
      const shorter = new Uint8Array([...bytes.subarray(0, 500_224), ...bytes.subarray(disk)])
      expect(failed(inspect(shorter))).toEqual(['truncated'])
    })

    it('passes when the disk inside has partitions', () => {
      const partitioned = bytes.slice()
      partitioned.set(vectorImage('mbr-linux').subarray(0, 512))
      expect(inspect(partitioned)).toMatchObject({ format: 'vhd', formats: ['vhd', 'gpt'], failures: [] })
    })

    it('is raw without its footer or with a wrong checksum', () => {
      expect(inspect(bytes.subarray(0, disk)).format).toBe('raw')
      const odd = bytes.slice()
      odd[disk + 100] = 1
      expect(inspect(odd).format).toBe('raw')
    })
  })

  describe('a raw disk', () => {
    const SECTORS = 4096

    /** A GPT as firmware reads it, without checksums. */
    const gpt = ({ backup = SECTORS - 1, last = SECTORS - 34, sector = 512 } = {}): Uint8Array => {
      const bytes = zeros(SECTORS * sector)
      const view = new DataView(bytes.buffer)
      bytes.set([0, 0, 2, 0, 0xee], 446)
      view.setUint32(454, 1, true)
      view.setUint32(458, SECTORS - 1, true)
      view.setUint16(510, 0x55aa)
      bytes.set(Buffer.from('EFI PART'), sector)
      view.setBigUint64(sector + 24, 1n, true)
      view.setBigUint64(sector + 32, BigInt(backup), true)
      view.setBigUint64(sector + 40, 34n, true)
      view.setBigUint64(sector + 48, BigInt(last), true)
      return bytes
    }

    /** One partition of Linux. */
    const mbr = (first: number, count: number): Uint8Array => {
      const bytes = zeros(SECTORS * 512)
      const view = new DataView(bytes.buffer)
      bytes[450] = 0x83
      view.setUint32(454, first, true)
      view.setUint32(458, count, true)
      view.setUint16(510, 0x55aa)
      return bytes
    }

    it.each<readonly [string, Uint8Array]>([
      ['a GPT', gpt()],
      ['a GPT of sectors of 4096 bytes', gpt({ sector: 4096 })],
      ['a GPT whose disk was grown', gpt({ backup: 2000, last: 1966 })],
      ['an MBR', mbr(2048, 2048)],
    ])('passes with %s', (_, bytes) => {
      expect(inspect(bytes).doubts).toBeUndefined()
      expect(failed(inspect(bytes))).toEqual([])
    })

    it.each<readonly [string, Uint8Array, string]>([
      [
        'the backup GPT is missing',
        gpt().subarray(0, -512),
        `its backup GPT is in sector ${SECTORS - 1}, and the disk ends after ${SECTORS - 1} sectors of 512 bytes`,
      ],
      [
        'the backup GPT with sectors of 4096 bytes is missing',
        gpt({ sector: 4096 }).subarray(0, 1_000_448),
        `backup GPT is in sector ${SECTORS - 1}, and the disk ends after 244 sectors of 4096 bytes`,
      ],
      [
        'its GPT covers more sectors than there are',
        gpt({ backup: 100 }).subarray(0, 512 * 1000),
        `its GPT covers sectors up to ${SECTORS - 34}`,
      ],
      ['a partition ends after the disk', mbr(2048, 2049), 'its partition 1 ends with sector 4096'],
      ['it ends inside a sector', mbr(2048, 100).subarray(0, 2_000_001), 'it has 2000001 bytes'],
    ])('is truncated: %s', (_, bytes, what) => {
      expect(inspect(bytes).doubts).toEqual([
        { check: 'truncated', what: expect.stringContaining(what), source: expect.any(String) },
      ])
      expect(failed(inspect(bytes))).toEqual([])
    })

    it('is truncated when it is an ISO that ends before its volume does', () => {
      const disc = vectorImage('iso')
      expect(inspect(disc)).toMatchObject({
        failures: [],
        doubts: [{ check: 'truncated', what: expect.stringContaining('byte 2048000') }],
      })
      const whole = zeros(2_048_000)
      whole.set(disc)
      expect(inspect(whole).doubts).toBeUndefined()
    })
  })
})
