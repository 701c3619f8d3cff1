import { describe, expect, it } from '@jest/globals'
import { failed, inspect, qemuImages } from './images.ts'

const MIB = 1_048_576

/** Format, size of the disk, failed checks. */
const EXPECTED: Readonly<Record<string, readonly [string, number | null, readonly string[]]>> = {
  'qcow2 version 3': ['qcow2', 5 * MIB, []],
  'qcow2 version 2': ['qcow2', 5 * MIB, []],
  'qcow2 zstd': ['qcow2', 5 * MIB, []],
  'qcow2 lazy refcounts': ['qcow2', 5 * MIB, []],
  'qcow2 small clusters': ['qcow2', 5 * MIB, []],
  'qcow2 extended L2 entries': ['qcow2', 5 * MIB, ['unknown_features']],
  'qcow2 backing file': ['qcow2', 5 * MIB, ['backing_file']],
  'qcow2 data file': ['qcow2', 5 * MIB, ['data_file']],
  'qcow2 encrypted': ['qcow2', MIB, []],
  'qcow version 1': ['qcow2', 5 * MIB, ['unknown_features']],
  qed: ['qed', null, ['banned']],
  'vhd dynamic': ['vhd', 5 * MIB, []],
  'vhd fixed': ['vhd', MIB, []],
  'vhdx dynamic': ['vhdx', 5 * MIB, []],
  'vhdx fixed': ['vhdx', MIB, []],
  'vmdk monolithicSparse': ['vmdk', 5 * MIB, []],
  'vmdk streamOptimized': ['vmdk', 5 * MIB, []],
  'vmdk monolithicFlat': ['vmdk', null, ['descriptor']],
  'vmdk twoGbMaxExtentSparse': ['vmdk', null, ['descriptor']],
  'vmdk backing file': ['vmdk', 5 * MIB, ['backing_file']],
  'vdi dynamic': ['vdi', 5 * MIB, []],
  'vdi static': ['vdi', MIB, []],
  luks: ['luks', 64 * 1024, []],
  raw: ['raw', MIB, []],
}

describe('the images of qemu-img', () => {
  it.each([...qemuImages].map(([name, bytes]) => ({ name, bytes })))('$name', ({ name, bytes }) => {
    const inspection = inspect(bytes)
    const [format, virtualSize, failures] = EXPECTED[name] ?? []
    expect(inspection.format).toBe(format)
    expect(inspection.virtualSize).toBe(virtualSize)
    expect(failed(inspection)).toEqual(failures)
    expect(inspection.formats).toEqual([inspection.format])
  })

  it('are all expected', () => expect([...qemuImages.keys()]).toEqual(Object.keys(EXPECTED)))
})
