import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { failed, inspect, qemuImage, vectorImage, withText, zeros } from './images.ts'

const KIB = 1024
const GRAIN_DIRECTORY_AT_END = 2n ** 64n - 1n

const sparse = (descriptor: string, sectors = 20): Uint8Array => {
  const bytes = qemuImage('vmdk monolithicSparse')
  bytes.fill(0, 512, 512 + 20 * 512)
  new DataView(bytes.buffer).setBigUint64(36, BigInt(sectors), true)
  return withText(bytes, 512, descriptor)
}

const lines = (...more: readonly string[]): string =>
  ['# Disk DescriptorFile', 'version=1', 'createType="monolithicSparse"', 'RW 10240 SPARSE "a.vmdk"', ...more, ''].join(
    '\n',
  )

describe('an embedded descriptor', () => {
  it('passes when every line is a comment, a field or an extent', () => {
    expect(
      failed(
        inspect(
          sparse(
            lines(
              '',
              '  # a comment',
              'ddb.adapterType = "ide"',
              'encoding="UTF-8"',
              'RDONLY 1 ZERO',
              'NOACCESS 1 ZERO',
            ),
          ),
        ),
      ),
    ).toEqual([])
    expect(failed(inspect(sparse(lines().replaceAll('\n', '\r\n').toUpperCase())))).toEqual([])
  })

  it.each([
    ['a line of another kind', lines('hello world')],
    ['a field with a space in its name', lines('a b=c')],
    ['an extent, with tabs, that has = in it', lines('RW\t1\tFLAT\t"/etc/passwd"\t0=')],
    ['a field without a name', lines('=b')],
    ['an extent with a path', lines('RW 1 FLAT "/etc/passwd" 0')],
    ['characters outside ASCII', lines('encoding="\xff"')],
    ['no extent', lines().replace(/^RW.*\n/m, '')],
    ['another type', lines().replace('monolithicSparse', 'monolithicFlat')],
    ['no type', lines().replace(/^createType.*\n/m, '')],
    ['an unterminated type', lines().replace('Sparse"', 'Sparse')],
    [
      'a second type, which QEMU reads because of its case',
      `createtype="monolithicSparse"\n${lines().replace('monolithicSparse', 'monolithicFlat')}`,
    ],
    ['nothing', ''],
  ])('fails with %s', (_, descriptor) => expect(failed(inspect(sparse(descriptor)))).toEqual(['descriptor']))

  it.each([
    ['as a field', lines('parentFileNameHint="/etc/passwd"')],
    ['in a comment, where QEMU searches too', lines('#parentFileNameHint="/etc/passwd"')],
  ])('fails when it names a parent %s', (_, descriptor) =>
    expect(failed(inspect(sparse(descriptor)))).toEqual(['backing_file']),
  )

  it('fails when it names a parent after its end, where QEMU searches too', () => {
    const short = lines('#'.repeat(1024 - lines('').length))
    expect(short).toHaveLength(1024)
    expect(failed(inspect(sparse(short, 2)))).toEqual([])
    expect(failed(inspect(sparse(`${short}parentFileNameHint="b.vmdk"\n`, 2)))).toEqual(['backing_file'])
  })

  it('fails when it is missing or at another offset', () => {
    const view = (patch: (header: DataView) => void): Uint8Array => {
      const bytes = qemuImage('vmdk monolithicSparse')
      patch(new DataView(bytes.buffer))
      return bytes
    }
    expect(failed(inspect(view((header) => header.setBigUint64(28, 2n, true))))).toEqual(['descriptor'])
    expect(failed(inspect(view((header) => header.setBigUint64(36, 0n, true))))).toEqual(['descriptor'])
    expect(failed(inspect(view((header) => header.setBigUint64(36, 2n ** 60n, true))))).toEqual(['descriptor'])
    expect(failed(inspect(view((header) => header.setUint32(4, 4, true))))).toEqual(['descriptor'])
    expect(failed(inspect(qemuImage('vmdk monolithicSparse').slice(0, 1000)))).toEqual(['descriptor'])
    expect(failed(inspect(qemuImage('vmdk monolithicSparse').slice(0, 4)))).toEqual(['descriptor'])
  })

  it('fails when the header has no sectors, since QEMU opens its extents then', () => {
    const bytes = qemuImage('vmdk monolithicSparse')
    new DataView(bytes.buffer).setBigUint64(12, 0n, true)
    expect(failed(inspect(bytes))).toEqual(['descriptor'])
  })

  it('fails when it is longer than 256 KiB', () => {
    const long = (length: number): Uint8Array => {
      const bytes = zeros(2048 * KIB)
      bytes.set(sparse('').subarray(0, 512))
      new DataView(bytes.buffer).setBigUint64(36, 2000n, true)
      new DataView(bytes.buffer).setBigUint64(56, 0n, true)
      return withText(bytes, 512, lines(`#${'x'.repeat(length - lines('#').length)}`))
    }
    expect(failed(inspect(long(256 * KIB)))).toEqual([])
    expect(inspect(long(256 * KIB + 1))).toMatchObject({
      failures: [{ check: 'descriptor', what: expect.stringContaining('longer') }],
    })
  })

  // Quadratic time would exceed the time limit.
  it('is checked in linear time', async () => {
    const worst = [
      'createType=',
      'createType="',
      ' ',
      '"',
      '\n',
      '#\n',
      'rw\n',
      'a=',
      '= ',
      'parentFileName',
      '# \n version=1',
    ].map((text) => text.repeat(256 * KIB).slice(0, 256 * KIB))
    for (const text of worst) {
      await setImmediate()
      const bytes = zeros(400 * KIB)
      bytes.set(sparse('').subarray(0, 512))
      new DataView(bytes.buffer).setBigUint64(36, 520n, true)
      expect(failed(inspect(withText(bytes, 512, text)))).toEqual(['descriptor'])
      inspect(new Uint8Array(Buffer.from(text)))
    }
  }, 20_000)
})

describe('a footer', () => {
  const image = (patch: (header: DataView, tail: DataView) => void = () => undefined): Uint8Array => {
    const start = vectorImage('vmdk-stream')
    const header = new DataView(start.buffer)
    header.setBigUint64(56, GRAIN_DIRECTORY_AT_END, true)
    const bytes = zeros(start.length + 1536)
    bytes.set(start)
    const tail = new DataView(bytes.buffer, start.length)
    tail.setUint32(12, 3, true)
    bytes.set(start.subarray(0, 512), start.length + 512)
    tail.setBigUint64(512 + 56, 99n, true)
    patch(new DataView(bytes.buffer), tail)
    return bytes
  }

  it('passes when it is a copy of the header', () => expect(failed(inspect(image(), 513))).toEqual([]))

  it.each<readonly [string, (header: DataView, tail: DataView) => void]>([
    ['another signature', (_, tail) => tail.setUint8(512, 0)],
    ['another version', (_, tail) => tail.setUint32(516, 2, true)],
    ['another descriptor', (_, tail) => tail.setBigUint64(512 + 28, 7n, true)],
    ['a longer descriptor', (_, tail) => tail.setBigUint64(512 + 36, 7n, true)],
    ['a footer of its own', (_, tail) => tail.setBigUint64(512 + 56, GRAIN_DIRECTORY_AT_END, true)],
    ['a marker of another type', (_, tail) => tail.setUint32(12, 2, true)],
    ['a marker with a size', (_, tail) => tail.setUint32(8, 2, true)],
    ['a marker that is not padded with zeros', (_, tail) => tail.setUint8(511, 1)],
    ['a byte after the end-of-stream marker', (_, tail) => tail.setUint8(1535, 1)],
    ['an end-of-stream marker with a value', (_, tail) => tail.setUint8(1024, 1)],
  ])('fails with %s', (_, patch) => expect(failed(inspect(image(patch)))).toEqual(['footer']))

  it('is truncated when it is missing', () => expect(failed(inspect(image().slice(0, -1)))).toEqual(['truncated']))
})

describe('a text file', () => {
  const text = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
    new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))))

  it('fails as a descriptor when it has a createType', () => {
    expect(inspect(text(lines()))).toMatchObject({
      format: 'vmdk',
      virtualSize: null,
      failures: [{ check: 'descriptor' }],
    })
    expect(failed(inspect(text('x\n'.repeat(60_000), 'CREATETYPE="')))).toEqual(['descriptor'])
  })

  it('fails as a descriptor when it has a version after comments, as QEMU requires', () => {
    expect(inspect(text('# \xff\xfe\0\nversion=1\n', 'RW 128 FLAT "/etc/passwd" 0\n'))).toMatchObject({
      format: 'vmdk',
      failures: [{ check: 'descriptor' }],
    })
    expect(inspect(text('#\n  \r\nversion=3\r\n', zeros(5000)))).toMatchObject({
      format: 'vmdk',
      failures: [{ check: 'descriptor' }],
    })
  })

  it('is raw when it is not a descriptor', () => {
    expect(inspect(text('version=4\n')).format).toBe('raw')
    expect(inspect(text('a\nversion=1\n')).format).toBe('raw')
    expect(inspect(text('createType='.repeat(1000))).format).toBe('raw')
  })

  it('fails when it is an ESX extent, which QEMU opens with its parent', () => {
    expect(inspect(withText(zeros(4096), 0, 'COWD'))).toMatchObject({
      format: 'vmdk',
      failures: [{ check: 'descriptor' }],
    })
  })
})
