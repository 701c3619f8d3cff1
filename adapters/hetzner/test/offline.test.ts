import { describe, expect, it } from '@jest/globals'
import { readDump, type Dump } from '@imago/core'
import { type FieldName } from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'

const read = (document: unknown): Dump => readDump(document, { readers: [hetznerReader] })

const readEvidence = (record: unknown, field: FieldName): string | undefined => {
  const recognition = hetznerReader.recognize(record)
  const explained = hetznerReader.explain(
    record,
    { cloud: null, region: null, pointer: '' },
    recognition.known ? recognition.dialect : undefined,
  )
  return explained._tag === 'Right' ? explained.right.fields.find((one) => one.field === field)?.evidence : undefined
}

describe('hetznerReader', () => {
  it('an image and its action are one record, which raw contains completely', () => {
    const document = {
      image: { id: 7, type: 'snapshot', status: 'creating', os_flavor: 'debian', odd: 1 },
      action: { id: 13, command: 'create_image', status: 'running' },
    }
    const { items, drift } = read(document)
    expect(items).toMatchObject([{ ref: { id: '7' }, kind: 'snapshot', status: 'pending' }])
    expect(items[0]?.raw).toBe(document)
    expect(drift).toMatchObject([{ kind: 'unknown-key', path: '/image/odd', pointer: '/image/odd' }])
  })

  it('IDs can be texts', () => {
    const { items, drift } = read({
      changed: false,
      hcloud_image_info: [
        { id: '9001', type: 'snapshot', status: 'available', name: null, os_flavor: 'ubuntu', labels: {} },
      ],
    })
    expect(items).toMatchObject([{ ref: { id: '9001' }, kind: 'snapshot' }])
    expect(drift).toEqual([])
  })

  it('a server written as text by Python is drift, and unknown', () => {
    const record = {
      id: 1,
      os_flavor: 'debian',
      created: '2026-10-15 03:14:34+00:00',
      bound_to: null,
      created_from: '<hcloud.servers.client.BoundServer object at 0x7f00>',
    }
    const { items, drift } = read(record)
    expect(items[0]?.origins).toEqual([])
    expect(drift).toMatchObject([{ kind: 'wrong-type', path: '/created_from' }])
    expect(readEvidence(record, 'origins')).toBe('unknown')
    expect(readEvidence({ ...record, created_from: null }, 'origins')).toBe('declared')
  })

  it.each([
    ['tzutc()', '2026-11-09T00:00:00Z'],
    ['datetime.timezone.utc', '2026-11-09T00:00:00Z'],
  ])('both dates of a DeprecationInfo with %s are read', (zone, instant) => {
    const date = (day: string): string => `datetime.datetime(${day}, tzinfo=${zone})`
    const { items, drift } = read({
      id: 1,
      os_flavor: 'debian',
      deprecation: `DeprecationInfo(announced=${date('2026, 11, 9, 0, 0')}, unavailable_after=${date('2027, 2, 7, 1, 2, 3, 500000')})`,
    })
    expect(items).toMatchObject([{ deprecatedAt: instant, unavailableAfter: '2027-02-07T01:02:03.5Z' }])
    expect(drift).toEqual([])
  })

  it('an invalid DeprecationInfo is drift', () => {
    for (const text of [
      'DeprecationInfo(announced=tomorrow, unavailable_after=None)',
      'DeprecationInfo(…)',
      '<hcloud.deprecation.domain.DeprecationInfo object at 0x7f>',
    ]) {
      expect(read({ id: 1, os_flavor: 'debian', deprecation: text }).drift).toMatchObject([
        { kind: 'wrong-type', path: '/deprecation' },
      ])
    }
  })

  it('an empty name is null', () => expect(read({ id: 1, os_flavor: 'debian', name: '' }).items[0]?.name).toBeNull())

  it('a snapshot managed by Terraform has its server as origin', () => {
    expect(read({ id: '7', description: 'd', labels: { a: 'b' }, server_id: 42 }).items).toMatchObject([
      { ref: { id: '7' }, labels: { a: 'b' }, origins: [{ relation: 'created-from', id: '42' }] },
    ])
  })
})
