import { describe, expect, it } from '@jest/globals'
import { readField } from './reading.ts'

describe('a snapshot of a transfer', () => {
  const helper = {
    type: 'snapshot',
    status: 'available',
    os_flavor: 'fedora',
    os_version: '43',
    image_size: 0.0117,
    disk_size: 40,
    created_from: { id: 7, name: 'imago-5f-0a1b2c3d' },
  }
  const made = {
    ...helper,
    labels: {
      'imago-run': '5f',
      'imago-bytes': '10485760',
      'imago.property/os_type': 'linux',
      'imago.property/os_distro': 'debian',
      'imago.property/os_version': '12',
      'imago.field/min-ram': '536870912',
    },
  }

  it.each([
    ['os.family', 'linux'],
    ['os.distro', 'debian'],
    ['os.version', '12'],
    ['size.virtual', 10_485_760],
    ['size.minRam', 536_870_912],
  ] as const)('has %s from the labels', (field, value) => expect(readField(made, field)).toEqual([value, 'declared']))

  it('has the minimum disk of Hetzner’s record', () =>
    expect(readField(made, 'size.minDisk')).toEqual([40_960_000_000, 'inferred']))

  it.each(['os.family', 'os.distro', 'os.version'] as const)(
    'has an unknown %s without the label, because Hetzner’s value is that of the temporary server',
    (field) => {
      expect(readField({ ...helper, labels: { 'imago-run': '5f', 'imago-bytes': '10485760' } }, field)).toEqual([
        null,
        'unknown',
      ])
    },
  )

  it('has a normalized distribution, and decoded values that are invalid labels', () => {
    const labels = {
      'imago-run': '5f',
      'imago.property/os_distro': 'org.debian',
      'imago.property/os_version': `b64.${Buffer.from('12 (bookwörm)').toString('base64url')}.e`,
    }
    expect(readField({ ...helper, labels }, 'os.distro')).toEqual(['debian', 'declared'])
    expect(readField({ ...helper, labels }, 'os.version')).toEqual(['12 (bookwörm)', 'declared'])
  })

  it.each(['0', '-1', '1e3', '', '99999999999999999999', '١'])('ignores the number of bytes %p', (count) =>
    expect(readField({ ...helper, labels: { 'imago-bytes': count } }, 'size.virtual')).toEqual([
      40_960_000_000,
      'inferred',
    ]),
  )

  it('has Hetzner’s values without labels of a transfer', () =>
    expect(readField({ ...helper, labels: { role: 'web' } }, 'os.distro')).toEqual(['fedora', 'declared']))
})
