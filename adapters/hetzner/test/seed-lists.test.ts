import { describe, expect, it } from '@jest/globals'
import { readDump, findRecords } from '@imago/core'
import { hetznerReader } from '../src/offline.ts'

/** The documented attributes of hcloud-python's `Image`: hcloud/images/domain.py. */
const IMAGE = [
  'id',
  'type',
  'status',
  'name',
  'description',
  'image_size',
  'disk_size',
  'created',
  'created_from',
  'bound_to',
  'os_flavor',
  'os_version',
  'rapid_deploy',
  'deprecated',
  'protection',
  'labels',
]

const readBy = (property: string): readonly string[] =>
  hetznerReader.fields
    .filter(({ steps }) => steps.some(({ reads }) => reads.includes(property)))
    .map(({ field }) => field)

describe('hcloud-python’s Image', () => {
  it.each(IMAGE)('%s is in the field reference', (property) => expect(readBy(property)).not.toEqual([]))

  it('each property is read into the expected fields', () => {
    expect(Object.fromEntries(IMAGE.map((property) => [property, readBy(property)]))).toEqual({
      id: ['ref.id'],
      type: ['kind', 'visibility'],
      status: ['status', 'providerStatus'],
      name: ['name'],
      description: ['description'],
      image_size: ['size.stored'],
      disk_size: ['size.virtual', 'size.minDisk'],
      created: ['architecture', 'createdAt'],
      created_from: ['origins'],
      bound_to: ['origins'],
      os_flavor: ['os.family', 'os.distro'],
      os_version: ['os.version'],
      rapid_deploy: ['rapidDeploy'],
      deprecated: ['deprecatedAt', 'unavailableAfter'],
      protection: ['protected'],
      labels: ['os.family', 'os.distro', 'os.version', 'os.defaultUser', 'size.virtual', 'size.minRam', 'labels'],
    })
  })
})

describe('hcloud-python’s CreateImageResponse', () => {
  const image = { id: 4711, type: 'snapshot', status: 'creating', os_flavor: 'ubuntu' }
  const action = {
    id: 13,
    command: 'create_image',
    status: 'running',
    progress: 0,
    started: '2016-01-30T23:50:00+00:00',
    finished: null,
    resources: [{ id: 42, type: 'server' }],
    error: null,
  }

  it('image: it is read together with its action', () => {
    expect(findRecords({ image, action })).toEqual([{ record: { image, action }, pointer: '' }])
    const { items, rejected } = readDump({ image, action }, { readers: [hetznerReader] })
    expect({ items: items.map(({ ref, status }) => [ref.id, status]), rejected }).toEqual({
      items: [['4711', 'pending']],
      rejected: [],
    })
  })

  it('action: alone, it is recognized as an action', () => {
    expect(hetznerReader.recognize(action)).toEqual({ known: false, foreign: true, reason: 'it is a Hetzner action' })
  })
})
