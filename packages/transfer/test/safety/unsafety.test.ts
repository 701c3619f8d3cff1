import { describe, expect, test } from '@jest/globals'
import { siteOf } from '@imago/core'
import type { Inspection } from '@imago/inspect'
import { unsafetyOf } from '../../src/index.ts'
import { bytes, kernel, padded, TAR } from '../../../inspect/test/contents.ts'
import { inspect, qemuImage, vectorImage, zeros } from '../../../inspect/test/images.ts'

const site = siteOf({ provider: 'openstack', cloud: 'lab' }, 'download')
const raw = inspect(zeros(4096))
/** Long enough for the partition, and the volume, that the vectors tell of. */
const whole = (name: string, length: number): Inspection => {
  const bytes = zeros(length)
  bytes.set(vectorImage(name))
  return inspect(bytes)
}
const partitioned = whole('mbr-linux', 67_583 * 512)
const disc = whole('iso+gpt', 2_048_000)
const qcow2 = inspect(qemuImage('qcow2 version 3'))

const checkOf = (inspection: Inspection, declared: string | null): string | null => {
  const error = unsafetyOf(site, inspection, declared)
  return error?._tag === 'UnsafeImage' ? error.check : null
}

test.each([
  ['nothing', raw, null],
  ['nothing', qcow2, null],
  ['qcow2', qcow2, 'qcow2'],
  ['raw', raw, 'raw'],
  ['raw with partitions', partitioned, 'raw'],
  ['a disk with partitions', partitioned, 'gpt'],
  ['a disc that boots', disc, 'iso'],
  ['a disc that boots, written to a stick', disc, 'raw'],
  ['what has no bytes of its own', raw, 'ami'],
  ['a fixed VHD', inspect(qemuImage('vhd fixed')), 'vhd'],
])('said to be %s, it may be opened', (_, inspection, declared) => expect(unsafetyOf(site, inspection, declared)).toBeNull())

test.each([
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
])('another format than was said is refused', (inspection, declared) => expect(checkOf(inspection, declared)).toBe('format_mismatch'))

test('a refusal says which check, which format, what is wrong, and what to do', () => {
  expect(unsafetyOf(site, inspect(qemuImage('qcow2 backing file')), 'raw')).toEqual({
    _tag: 'UnsafeImage',
    provider: 'openstack',
    cloud: 'lab',
    operation: 'download',
    request: null,
    check: 'backing_file',
    what: 'the image is not safe to open (check backing_file, format qcow2): it names a backing file, which whoever opens it would read',
    hint: 'Do not open this image',
  })
  expect(unsafetyOf(site, qcow2, 'raw')).toMatchObject({ what: 'the image is said to be raw, and its bytes are qcow2', hint: 'If you trust it to be qcow2, say so: --source-format qcow2; else do not open it' })
})

test('all that is wrong is said once, and the first check is named', () => {
  const inspection: Inspection = { ...qcow2, failures: [{ check: 'a', what: 'one' }, { check: 'b', what: 'two' }, { check: 'c', what: 'one' }] }
  expect(unsafetyOf(site, inspection, null)).toMatchObject({ check: 'a', what: expect.stringMatching(/: one; two$/) })
})

test('a partition table may be allowed, and nothing else that is unsafe', () => {
  const odd = inspect(vectorImage('gpt-badchs'))
  expect(checkOf(odd, 'raw')).toBe('mbr')
  expect(unsafetyOf(site, odd, 'raw', { allow: ['mbr'] })).toBeNull()
  expect(unsafetyOf(site, odd, 'qcow2', { allow: ['mbr'] })).toMatchObject({ check: 'format_mismatch' })
  expect(unsafetyOf(site, { ...odd, failures: [...odd.failures, { check: 'polyglot', what: 'x' }] }, 'raw', { allow: ['mbr'] })).toMatchObject({ check: 'polyglot' })
})

test('what an image says of itself stays text on one line', () => {
  const inspection: Inspection = { ...qcow2, failures: [{ check: 'descriptor', what: 'createType "\u001b[31m\n"' }] }
  // eslint-disable-next-line no-control-regex
  expect(unsafetyOf(site, inspection, null)?.what).not.toMatch(/[\0-\x1f]/)
})

describe('what is no disk', () => {
  const refusal = (image: Uint8Array, declared: string | null, allow: readonly ('not-a-disk' | 'mbr')[] = []) => unsafetyOf(site, inspect(image), declared, { allow })

  test('refuses what is no disk, by its name, and says how to insist', () => {
    expect(refusal(TAR, 'raw')).toMatchObject({
      _tag: 'UnsafeImage',
      check: 'not-a-disk',
      what: 'the image is no disk (check not-a-disk): it is a tar archive',
      hint: 'Take the disk that is in it: --archive tar. If it is meant to be an image all the same: --allow not-a-disk',
    })
    expect(refusal(TAR, 'qcow2')).toMatchObject({ check: 'not-a-disk' })
    expect(refusal(TAR, null)).toMatchObject({ check: 'not-a-disk' })
    expect(refusal(TAR, 'raw', ['not-a-disk'])).toBeNull()
    expect(refusal(TAR, 'qcow2', ['not-a-disk'])).toMatchObject({ check: 'format_mismatch' })
  })

  test('refuses what has no bytes, and what is not made of sectors', () => {
    expect(refusal(new Uint8Array(), 'raw')).toMatchObject({ check: 'not-a-disk', what: expect.stringContaining('empty (0 bytes)') })
    expect(refusal(zeros(4097), 'raw')).toMatchObject({ check: 'not-a-disk', what: expect.stringContaining('4097 bytes') })
    expect(refusal(zeros(4096), 'raw')).toBeNull()
  })

  test('leaves kernels and RAM disks to those who call them so', () => {
    expect(refusal(kernel, 'aki')).toBeNull()
    expect(refusal(kernel, 'raw')).toMatchObject({ _tag: 'UnsafeImage' })
    expect(refusal(padded(bytes('070701'), 4099), 'ari')).toBeNull()
    expect(refusal(padded(bytes('070701'), 4099), 'raw')).toMatchObject({ check: 'not-a-disk' })
    expect(refusal(padded(bytes('WithouFreSpacExt')), 'ploop')).toBeNull()
  })
})
