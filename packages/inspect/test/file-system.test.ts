import { describe, expect, it } from '@jest/globals'
import { inspectRanges } from '../src/inspect-ranges.ts'
import { failed, inspect, zeros } from './images.ts'

const MIB = 2 ** 20

const put = (bytes: Uint8Array, offset: number, text: string): void => bytes.set(Buffer.from(text, 'latin1'), offset)

interface Sample {
  readonly name: string
  /** Size by the superblock, in bytes. */
  readonly size: number
  readonly make: (bytes: Uint8Array, view: DataView) => void
}

/** Fields as mkfs, mkntfs, mksquashfs and pvcreate write them. */
const samples: readonly Sample[] = [
  {
    name: 'ext',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 1080, '\x53\xef')
      view.setUint32(1028, 2048, true)
      view.setUint32(1048, 0, true)
    },
  },
  {
    name: 'XFS',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 0, 'XFSB')
      view.setUint32(4, 4096)
      view.setBigUint64(8, 512n)
    },
  },
  {
    name: 'Btrfs',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 65_600, '_BHRfS_M')
      view.setBigUint64(65_536 + 0xd1, BigInt(2 * MIB), true)
    },
  },
  {
    name: 'squashfs',
    size: 2 * MIB - 700,
    make: (bytes, view) => {
      put(bytes, 0, 'hsqs')
      view.setUint16(28, 4, true)
      view.setBigUint64(40, BigInt(2 * MIB - 700), true)
    },
  },
  {
    name: 'EROFS',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 1024, '\xe2\xe1\xf5\xe0')
      view.setUint8(1036, 12)
      view.setUint32(1060, 512, true)
    },
  },
  {
    name: 'LVM',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 512, 'LABELONE')
      view.setUint32(532, 32, true)
      view.setBigUint64(576, BigInt(2 * MIB), true)
    },
  },
  {
    name: 'NTFS',
    size: 2 * MIB - 512,
    make: (bytes, view) => {
      put(bytes, 0, '\xeb\x52\x90NTFS    ')
      view.setUint16(11, 512, true)
      view.setBigUint64(40, 4095n, true)
      // Boot code in place of a partition table.
      bytes.fill(0x6f, 430, 510)
      put(bytes, 510, '\x55\xaa')
    },
  },
  {
    name: 'exFAT',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 0, '\xeb\x76\x90EXFAT   ')
      view.setBigUint64(72, 4096n, true)
      view.setUint8(108, 9)
      put(bytes, 510, '\x55\xaa')
    },
  },
  {
    name: 'FAT',
    size: 2 * MIB,
    make: (bytes, view) => {
      put(bytes, 0, '\xeb\x3c\x90mkfs.fat')
      view.setUint16(11, 512, true)
      view.setUint16(19, 4096, true)
      view.setUint8(0x10, 2)
      // The media descriptor of a floppy disk.
      view.setUint8(0x15, 0xf0)
      put(bytes, 54, 'FAT12   ')
      put(bytes, 510, '\x55\xaa')
    },
  },
]

const createDisk = ({ make }: Sample, length: number): Uint8Array => {
  const bytes = zeros(2 * MIB + 4096)
  make(bytes, new DataView(bytes.buffer))
  return bytes.subarray(0, length)
}

describe.each(samples)('a disk with $name and no partition table', (sample) => {
  it('is raw and complete', () => {
    const inspection = inspect(createDisk(sample, 2 * MIB))
    expect(inspection).toMatchObject({ format: 'raw', failures: [] })
    expect(failed(inspection)).toEqual([])
  })

  it('is complete when the disk was grown', () =>
    expect(failed(inspect(createDisk(sample, 2 * MIB + 4096)))).toEqual([]))

  it.each([1, 512, MIB])('is truncated when %d bytes of the file system are missing', async (less) => {
    const bytes = createDisk(sample, sample.size - less)
    const doubt = {
      check: 'truncated',
      what: `the image was cut short: its ${sample.name} file system has ${sample.size} bytes, and the disk ends after ${sample.size - less}`,
      source: expect.any(String),
    }
    expect(inspect(bytes).doubts).toEqual([doubt])
    expect((await inspectRanges(async (start, end) => bytes.subarray(start, end), bytes.length)).doubts).toEqual([
      doubt,
    ])
  })
})

describe('findFileSystem', () => {
  it('ignores the signature of a boot loader before a file system', () => {
    const sample = samples.find(({ name }) => name === 'ext') as Sample
    const bytes = createDisk(sample, 2 * MIB)
    bytes.fill(0x90, 0, 440)
    put(bytes, 510, '\x55\xaa')
    expect(inspect(bytes)).toMatchObject({ format: 'raw', failures: [] })
  })

  it('recognizes a partition table with entries before a file system', () => {
    const sample = samples.find(({ name }) => name === 'ext') as Sample
    const bytes = createDisk(sample, 2 * MIB)
    put(bytes, 446, '\x80\x20\x21\0\x83\xff\xff\xff')
    new DataView(bytes.buffer).setUint32(454, 2048, true)
    new DataView(bytes.buffer).setUint32(458, 2048, true)
    put(bytes, 510, '\x55\xaa')
    expect(inspect(bytes)).toMatchObject({ format: 'gpt', failures: [] })
  })

  it.each([
    ['ext', 1048, 7],
    ['EROFS', 1036, 17],
    ['exFAT', 108, 13],
  ])('ignores the size in an %s superblock with an invalid block size', (name, offset, shift) => {
    const sample = samples.find((one) => one.name === name) as Sample
    const bytes = createDisk(sample, MIB)
    bytes[offset] = shift
    expect(failed(inspect(bytes))).toEqual([])
  })
})
