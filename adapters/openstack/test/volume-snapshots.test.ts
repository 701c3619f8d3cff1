import { describe, expect, it } from '@jest/globals'
import { findRemaining } from '../src/volume-snapshots.ts'

const ID = '3482e091-5bd4-4555-a548-8f9a0f3fe802'
const OTHER = '0b1c2d3e4f5061728394a5b6c7d8e9f0'

const find = (mapping: unknown): readonly string[] =>
  findRemaining({ raw: { id: 'a', block_device_mapping: mapping } }).map(({ id }) => id)

describe('findRemaining', () => {
  it('returns the Cinder snapshot of an image, and how to delete it', () => {
    const raw = { block_device_mapping: JSON.stringify([{ source_type: 'snapshot', snapshot_id: ID }]) }
    expect(findRemaining({ raw })).toEqual([
      {
        kind: 'volume-snapshot',
        id: ID,
        title: 'Cinder snapshot',
        deleteCommand: `openstack volume snapshot delete ${ID}`,
      },
    ])
  })

  it('returns the snapshots of all disks, each once', () => {
    const devices = [{ snapshot_id: ID }, { snapshot_id: OTHER }, { snapshot_id: null }, { snapshot_id: ID }, {}]
    expect(find(JSON.stringify(devices))).toEqual([ID, OTHER])
    // As openstack -f json prints the property.
    expect(find(devices)).toEqual([ID, OTHER])
  })

  it.each([undefined, null, '', '[]', '[{', '{"snapshot_id":"f0"}', 7, JSON.stringify([{ snapshot_id: 7 }])])(
    'returns nothing without a readable mapping: %j',
    (mapping) => {
      expect(find(mapping)).toEqual([])
    },
  )

  it.each(['--all', 'f0; rm -rf ~', '$(id)', 'f0\nf1', '../f0', 'f'.repeat(65)])(
    'leaves out what is not an ID of Cinder, as it would become part of a command line: %j',
    (id) => {
      expect(find(JSON.stringify([{ snapshot_id: id }]))).toEqual([])
    },
  )

  it('returns nothing for a record that is no object', () => {
    expect(findRemaining({ raw: null })).toEqual([])
  })
})
