import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core'
import type { Inspection } from '@imago/inspect'
import { checkSafety } from '../../src/index.ts'
import { bytes, kernel, padded, TAR } from '../../../inspect/test/contents.ts'
import { inspect, qemuImage, vectorImage, zeros } from '../../../inspect/test/images.ts'

const site = createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'download')
const raw = inspect(zeros(4096))
/** Long enough for the partition and the volume of the vectors. */
const whole = (name: string, length: number): Inspection => {
  const bytes = zeros(length)
  bytes.set(vectorImage(name))
  return inspect(bytes)
}
const partitioned = whole('mbr-linux', 67_583 * 512)
const disc = whole('iso+gpt', 2_048_000)
const qcow2 = inspect(qemuImage('qcow2 version 3'))

const failedCheck = (inspection: Inspection, declared: string | null): string | null => {
  const error = checkSafety(site, inspection, declared)
  return error?._tag === 'UnsafeImage' ? error.check : null
}

describe('checkSafety', () => {
  it.each([
    ['unknown, of a raw disk', raw, null],
    ['unknown, of a qcow2', qcow2, null],
    ['qcow2', qcow2, 'qcow2'],
    ['raw', raw, 'raw'],
    ['raw, of a disk with partitions', partitioned, 'raw'],
    ['gpt', partitioned, 'gpt'],
    ['iso, of a hybrid ISO', disc, 'iso'],
    ['raw, of a hybrid ISO', disc, 'raw'],
    ['ami, which has no signature', raw, 'ami'],
    ['vhd, of a fixed VHD', inspect(qemuImage('vhd fixed')), 'vhd'],
  ])('passes when the declared format is %s', (_, inspection, declared) =>
    expect(checkSafety(site, inspection, declared)).toBeNull(),
  )

  it.each([
    [qcow2, 'raw'],
    [qcow2, 'vmdk'],
    [qcow2, 'ami'],
    [qcow2, ''],
    [raw, 'qcow2'],
    [raw, 'iso'],
    [partitioned, 'qcow2'],
    [partitioned, 'iso'],
    [partitioned, 'ami'],
    [disc, 'gpt'],
    [inspect(qemuImage('luks')), 'raw'],
    [inspect(qemuImage('vhd fixed')), 'raw'],
    [raw, 'vhd'],
  ])('fails format_mismatch when the bytes are of another format', (inspection, declared) =>
    expect(failedCheck(inspection, declared)).toBe('format_mismatch'),
  )

  it('names the check, the format, the problem and the remedy', () => {
    expect(checkSafety(site, inspect(qemuImage('qcow2 backing file')), 'raw')).toEqual({
      _tag: 'UnsafeImage',
      provider: 'openstack',
      cloud: 'lab',
      operation: 'download',
      request: null,
      check: 'backing_file',
      what: 'the image is not safe to open (check backing_file, format qcow2): it has a backing file, and a program that opens the image also reads that file',
      hint: 'Do not open this image',
    })
    expect(checkSafety(site, qcow2, 'raw')).toMatchObject({
      what: "the image's declared format is raw, but its bytes are qcow2",
      hint: 'Do not open it; if you trust it to be qcow2, declare that format',
      changes: [{ parameter: 'sourceFormat', values: ['qcow2'] }],
    })
  })

  it('names the first check, and each problem once', () => {
    const inspection: Inspection = {
      ...qcow2,
      failures: [
        { check: 'a', what: 'one', source: 's' },
        { check: 'b', what: 'two', source: 's' },
        { check: 'c', what: 'one', source: 's' },
      ],
    }
    expect(checkSafety(site, inspection, null)).toMatchObject({
      check: 'a',
      what: expect.stringMatching(/: one; two$/),
    })
  })

  it('allows mbr, and no other failure', () => {
    const odd = inspect(vectorImage('gpt-badchs'))
    expect(failedCheck(odd, 'raw')).toBe('mbr')
    expect(checkSafety(site, odd, 'raw', { allow: ['mbr'] })).toBeNull()
    expect(checkSafety(site, odd, 'qcow2', { allow: ['mbr'] })).toMatchObject({ check: 'format_mismatch' })
    expect(
      checkSafety(site, { ...odd, failures: [...odd.failures, { check: 'polyglot', what: 'x', source: 's' }] }, 'raw', {
        allow: ['mbr'],
      }),
    ).toMatchObject({ check: 'polyglot' })
  })

  it('escapes control characters of the image', () => {
    const inspection: Inspection = {
      ...qcow2,
      failures: [{ check: 'descriptor', what: 'createType "\u001b[31m\n"', source: 's' }],
    }
    // eslint-disable-next-line no-control-regex
    expect(checkSafety(site, inspection, null)?.what).not.toMatch(/[\0-\x1f]/)
  })

  describe('bytes that are not a disk', () => {
    const refusal = (image: Uint8Array, declared: string | null, allow: readonly ('not-a-disk' | 'mbr')[] = []) =>
      checkSafety(site, inspect(image), declared, { allow })

    it('are identified, with the option that allows them', () => {
      expect(refusal(TAR, 'raw')).toMatchObject({
        _tag: 'UnsafeImage',
        check: 'not-a-disk',
        what: 'the image is not a disk (check not-a-disk): it is a tar archive',
        hint: 'Extract the disk image in it. Allow this check if it is the intended image',
        changes: [
          { parameter: 'archive', values: ['tar'] },
          { parameter: 'allow', values: ['not-a-disk'] },
        ],
      })
      expect(checkSafety(site, inspect(TAR), 'raw', { isExtracted: true })).toMatchObject({
        check: 'not-a-disk',
        hint: expect.stringMatching(/^Extract the outer archive first/),
      })
      expect(refusal(TAR, 'qcow2')).toMatchObject({ check: 'not-a-disk' })
      expect(refusal(TAR, null)).toMatchObject({ check: 'not-a-disk' })
      expect(refusal(TAR, 'raw', ['not-a-disk'])).toBeNull()
      expect(refusal(TAR, 'qcow2', ['not-a-disk'])).toMatchObject({ check: 'format_mismatch' })
    })

    it('are empty, or not a multiple of 512 bytes', () => {
      expect(refusal(new Uint8Array(), 'raw')).toMatchObject({
        check: 'not-a-disk',
        what: expect.stringContaining('empty (0 bytes)'),
      })
      expect(refusal(zeros(4097), 'raw')).toMatchObject({
        check: 'not-a-disk',
        what: expect.stringContaining('4097 bytes'),
      })
      expect(refusal(zeros(4096), 'raw')).toBeNull()
    })

    it('pass as a kernel, a RAM disk or an unknown format', () => {
      expect(refusal(kernel, 'aki')).toBeNull()
      expect(refusal(kernel, 'raw')).toMatchObject({ _tag: 'UnsafeImage' })
      expect(refusal(padded(bytes('070701'), 4099), 'ari')).toBeNull()
      expect(refusal(padded(bytes('070701'), 4099), 'raw')).toMatchObject({ check: 'not-a-disk' })
      expect(refusal(padded(bytes('WithouFreSpacExt')), 'ploop')).toBeNull()
    })
  })
})
