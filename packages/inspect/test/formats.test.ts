import { describe, expect, it } from '@jest/globals'
import { failed, inspect, qemuImage, vectorImage, withText, zeros } from './images.ts'

const KIB = 1024
const at = (bytes: Uint8Array): DataView => new DataView(bytes.buffer)
const changed = (bytes: Uint8Array, patch: (view: DataView) => void): Uint8Array => {
  patch(at(bytes))
  return bytes
}

describe('an image shorter than its header', () => {
  it.each([
    ['vhd dynamic', 'vhd', 511],
    ['vdi dynamic', 'vdi', 511],
    ['luks', 'luks', 591],
    ['vhdx dynamic', 'vhdx', 200_000],
    ['vhdx dynamic', 'vhdx', 1024 * KIB],
  ])('is truncated: %s (%s) at %i bytes', (name, format, length) =>
    expect(inspect(qemuImage(name).slice(0, length))).toMatchObject({ format, failures: [{ check: 'truncated' }] }),
  )
})

describe('createInspector', () => {
  it('fails backing_file for a differencing disk', () => {
    expect(failed(inspect(changed(qemuImage('vhd dynamic'), (view) => view.setUint32(60, 4))))).toEqual([
      'backing_file',
    ])
    expect(failed(inspect(changed(qemuImage('vdi dynamic'), (view) => view.setUint32(0x4c, 4, true))))).toEqual([
      'backing_file',
    ])
  })

  it('fails banned for QED, however short', () =>
    expect(failed(inspect(new Uint8Array(Buffer.from('QED\0'))))).toEqual(['banned']))

  it.each([
    ['vhd dynamic', (view: DataView) => view.setBigUint64(40, 2n ** 64n - 1n)],
    ['vdi dynamic', (view: DataView) => view.setBigUint64(0x170, 2n ** 64n - 1n, true)],
    ['vmdk monolithicSparse', (view: DataView) => view.setBigUint64(12, 2n ** 64n - 1n, true)],
  ] as const)('fails virtual_size for a size above 2^53 - 1: %s', (name, patch) =>
    expect(inspect(changed(qemuImage(name), patch))).toMatchObject({
      virtualSize: null,
      failures: [{ check: 'virtual_size' }],
    }),
  )
})

describe('VHDX', () => {
  const REGIONS = 192 * KIB
  const METADATA = 3072 * KIB
  const guidAt = (bytes: Uint8Array, from: number, first: readonly number[]): number => {
    for (let entry = from; entry < from + 2048 * 32; entry += 32)
      if (first.every((byte, index) => bytes[entry + index] === byte)) return entry
    throw new Error('no such entry')
  }
  /** Of GUIDs, the first four bytes as they stand in the file. */
  const metadataEntry = (bytes: Uint8Array): number => guidAt(bytes, REGIONS + 16, [0x06, 0xa2, 0x7c, 0x8b])
  const sizeEntry = (bytes: Uint8Array, metadata: number): number =>
    guidAt(bytes, metadata + 32, [0x24, 0x42, 0xa5, 0x2f])
  const findMetadata = (bytes: Uint8Array): number => Number(at(bytes).getBigUint64(metadataEntry(bytes) + 16, true))

  const image = (): Uint8Array => qemuImage('vhdx dynamic')

  it('has its metadata where these tests patch it', () => {
    expect(findMetadata(image())).toBe(METADATA)
    expect(sizeEntry(image(), METADATA)).toBeGreaterThan(METADATA)
  })

  it.each<readonly [string, (bytes: Uint8Array, view: DataView) => void]>([
    ['region table without signature', (bytes) => bytes.fill(0, REGIONS, REGIONS + 4)],
    ['2048 regions', (_, view) => view.setUint32(REGIONS + 8, 2048, true)],
    ['no metadata region', (_, view) => view.setUint32(REGIONS + 8, 0, true)],
    ['metadata without signature', (bytes) => bytes.fill(0, METADATA, METADATA + 8)],
    ['2048 items', (_, view) => view.setUint16(METADATA + 10, 2048, true)],
    ['no size', (_, view) => view.setUint16(METADATA + 10, 0, true)],
    ['a size of 4 bytes', (bytes, view) => view.setUint32(sizeEntry(bytes, METADATA) + 20, 4, true)],
    ['a size inside the table', (bytes, view) => view.setUint32(sizeEntry(bytes, METADATA) + 16, 32, true)],
    [
      'metadata before its region table',
      (bytes, view) => view.setBigUint64(metadataEntry(bytes) + 16, BigInt(128 * KIB), true),
    ],
    ['metadata at its start', (bytes, view) => view.setBigUint64(metadataEntry(bytes) + 16, 0n, true)],
  ])('fails with %s', (_, patch) => {
    const bytes = image()
    patch(bytes, at(bytes))
    expect(inspect(bytes)).toMatchObject({ format: 'vhdx', virtualSize: null })
    expect(failed(inspect(bytes))).toEqual(['metadata'])
  })

  it('fails with a parent', () => {
    const bytes = image()
    const parameters = guidAt(bytes, METADATA + 32, [0x37, 0x67, 0xa1, 0xca])
    const flags = METADATA + at(bytes).getUint32(parameters + 16, true) + 4
    at(bytes).setUint32(flags, at(bytes).getUint32(flags, true) | 2, true)
    expect(inspect(bytes)).toMatchObject({ virtualSize: 5 * 1024 * KIB, failures: [{ check: 'backing_file' }] })
  })

  it('is read when the disk size comes before the file parameters', () => {
    const bytes = image()
    const [size, parameters] = [sizeEntry(bytes, METADATA), guidAt(bytes, METADATA + 32, [0x37, 0x67, 0xa1, 0xca])]
    const [sizeAt, parametersAt] = [at(bytes).getUint32(size + 16, true), at(bytes).getUint32(parameters + 16, true)]
    const [sizeBytes, parameterBytes] = [sizeAt, parametersAt].map((offset) =>
      bytes.slice(METADATA + offset, METADATA + offset + 8),
    )
    at(bytes).setUint32(size + 16, parametersAt, true)
    at(bytes).setUint32(parameters + 16, sizeAt, true)
    bytes.set(sizeBytes ?? [], METADATA + parametersAt)
    bytes.set(parameterBytes ?? [], METADATA + sizeAt)
    expect(inspect(bytes)).toMatchObject({ virtualSize: 5 * 1024 * KIB, failures: [] })
  })

  it.each([2n ** 64n - 1n, 2n ** 40n])('is truncated when its metadata is after its end, at %s', (offset) => {
    const bytes = image()
    at(bytes).setBigUint64(metadataEntry(bytes) + 16, offset, true)
    expect(failed(inspect(bytes))).toEqual(['truncated'])
  })

  it('finds its metadata at any offset', () => {
    const bytes = image()
    const moved = new Uint8Array(bytes.length + 1024 * KIB)
    moved.set(bytes)
    moved.set(bytes.subarray(METADATA, METADATA + 1024 * KIB), bytes.length)
    moved.fill(0, METADATA, METADATA + 1024 * KIB)
    at(moved).setBigUint64(metadataEntry(moved) + 16, BigInt(bytes.length), true)
    expect(inspect(moved)).toMatchObject({ virtualSize: 5 * 1024 * KIB, failures: [] })
  })
})

describe('LUKS', () => {
  it('fails with version 2', () =>
    expect(inspect(changed(qemuImage('luks'), (view) => view.setUint16(6, 2)))).toMatchObject({
      virtualSize: null,
      failures: [{ check: 'version' }],
    }))
  it('has no size when its data begins after its end', () =>
    expect(inspect(changed(qemuImage('luks'), (view) => view.setUint32(104, 2 ** 32 - 1)))).toMatchObject({
      virtualSize: null,
      failures: [],
    }))
})

describe('ISO', () => {
  it.each(['CD001', 'NSR02', 'NSR03'])('%s', (name) =>
    expect(inspect(withText(zeros(34_816), 32_769, name))).toMatchObject({
      format: 'iso',
      virtualSize: null,
      failures: [],
    }),
  )
  it('needs its complete first descriptor', () =>
    expect(inspect(vectorImage('iso').slice(0, 34_815)).format).toBe('raw'))
})

describe('a partition table', () => {
  const table = (patch: (view: DataView) => void = () => undefined): Uint8Array => {
    const bytes = zeros(4096)
    const view = at(bytes)
    view.setUint16(510, 0x55aa)
    view.setUint8(450, 0x83)
    patch(view)
    return bytes
  }
  const protective = (patch: (view: DataView) => void = () => undefined): Uint8Array =>
    table((view) => {
      view.setUint8(448, 2)
      view.setUint8(450, 0xee)
      view.setUint32(454, 1, true)
      patch(view)
    })

  it('is found in MBR and GPT', () => {
    expect(inspect(table())).toEqual({ format: 'gpt', formats: ['gpt'], virtualSize: 4096, failures: [] })
    expect(inspect(protective())).toEqual({ format: 'gpt', formats: ['gpt'], virtualSize: 4096, failures: [] })
    expect(failed(inspect(table((view) => view.setUint8(446, 0x80))))).toEqual([])
  })

  it.each<readonly [string, Uint8Array]>([
    ['an undefined boot flag', table((view) => view.setUint8(446 + 48, 1))],
    ['no partitions', table((view) => view.setUint8(450, 0))],
    ['a GPT that starts at another CHS', protective((view) => view.setUint8(447, 1))],
    ['a GPT that starts at another sector', protective((view) => view.setUint32(454, 2, true))],
    ['a GPT beside a partition', protective((view) => view.setUint8(466, 0x83))],
    [
      'a GPT in the second entry',
      table((view) =>
        [
          [450, 0],
          [464, 2],
          [466, 0xee],
          [470, 1],
        ].forEach(([place = 0, byte = 0]) => view.setUint8(place, byte)),
      ),
    ],
    [
      'two GPTs',
      protective((view) =>
        [
          [464, 2],
          [466, 0xee],
          [470, 1],
        ].forEach(([place = 0, byte = 0]) => view.setUint8(place, byte)),
      ),
    ],
  ])('fails with %s', (_, bytes) => expect(failed(inspect(bytes))).toEqual(['mbr']))

  it('is not found in 511 bytes', () => expect(inspect(table().slice(0, 511)).format).toBe('raw'))
  it('is not found in the boot sector of a FAT file system', () => {
    const fat = table((view) => {
      view.setUint8(0x10, 2)
      view.setUint8(0x15, 0xf8)
    })
    expect(inspect(fat).format).toBe('raw')
  })
})

describe('a polyglot', () => {
  it('is an ISO when it also has a partition table', () => {
    expect(inspect(vectorImage('iso+gpt'))).toMatchObject({ format: 'iso', formats: ['iso', 'gpt'], failures: [] })
    const odd = changed(vectorImage('iso+gpt'), (view) => view.setUint8(446, 7))
    expect(inspect(odd)).toMatchObject({ format: 'iso', failures: [] })
  })

  it('fails with the failures of each format', () => {
    const bytes = withText(vectorImage('iso'), 0, 'QFI\xfb\0\0\0\x02')
    bytes[15] = 1
    expect(inspect(bytes)).toMatchObject({ format: 'qcow2', formats: ['qcow2', 'iso'], virtualSize: null })
    expect(failed(inspect(bytes))).toEqual(['polyglot', 'backing_file'])
  })

  it('fails when it has three formats', () => {
    expect(failed(inspect(withText(vectorImage('iso+gpt'), 0x40, '\x7f\x10\xda\xbe')))).toEqual(['polyglot'])
  })
})
