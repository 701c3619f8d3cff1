import { describe, expect, it } from '@jest/globals'
import { failed, inspect, qemuImage, zeros } from './images.ts'

const patched = (patch: (header: DataView) => void, name = 'qcow2 version 3'): Uint8Array => {
  const bytes = qemuImage(name)
  patch(new DataView(bytes.buffer))
  return bytes
}

describe('qcow2', () => {
  it('recognizes a file shorter than a sector, which QEMU opens with its backing file', () => {
    const short = patched((header) => header.setBigUint64(8, 0x80n)).slice(0, 300)
    expect(inspect(short)).toMatchObject({ format: 'qcow2', failures: [{ check: 'backing_file' }] })
  })

  it('is truncated when it ends inside its header or before its tables', () => {
    const image = qemuImage('qcow2 version 3')
    expect(failed(inspect(image.slice(0, 103)))).toEqual(['truncated'])
    expect(inspect(image.slice(0, 103)).failures[0]?.what).toContain('its header')
    expect(inspect(image.slice(0, 104)).failures[0]?.what).toContain('its tables')
    expect(inspect(qemuImage('qcow2 version 2').slice(0, 71)).failures[0]?.what).toContain('its header')
    expect(inspect(qemuImage('qcow2 version 2').slice(0, 72)).failures[0]?.what).toContain('its tables')
    expect(inspect(image.slice(0, 3)).format).toBe('raw')
  })

  it.each([0n, 1n, 3n])('allows feature bit %s', (bit) => {
    expect(failed(inspect(patched((header) => header.setBigUint64(0x48, 1n << bit))))).toEqual([])
  })

  it.each([4n, 5n, 8n, 31n, 63n])('refuses feature bit %s', (bit) => {
    expect(failed(inspect(patched((header) => header.setBigUint64(0x48, 1n << bit))))).toEqual(['unknown_features'])
  })

  it('reads no feature bits in version 2', () => {
    expect(failed(inspect(patched((header) => header.setBigUint64(0x48, 2n ** 64n - 1n), 'qcow2 version 2')))).toEqual(
      [],
    )
  })

  it('reports every failure', () => {
    const image = patched((header) => {
      header.setBigUint64(8, 1n)
      header.setBigUint64(0x48, 0b100100n)
      header.setBigUint64(24, 2n ** 63n)
    })
    expect(failed(inspect(image))).toEqual(['backing_file', 'data_file', 'unknown_features', 'virtual_size'])
    expect(inspect(image).virtualSize).toBeNull()
  })

  it('refuses a virtual size above 2^53 - 1', () => {
    expect(inspect(patched((header) => header.setBigUint64(24, 2n ** 53n - 1n)))).toMatchObject({
      virtualSize: Number.MAX_SAFE_INTEGER,
      failures: [],
    })
    expect(failed(inspect(patched((header) => header.setBigUint64(24, 2n ** 53n))))).toEqual(['virtual_size'])
  })

  it('ignores the signature at another offset', () => {
    const bytes = zeros(4096)
    bytes.set([0x51, 0x46, 0x49, 0xfb], 1)
    expect(inspect(bytes).format).toBe('raw')
  })
})
