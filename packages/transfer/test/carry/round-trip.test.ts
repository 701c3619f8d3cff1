import { describe, expect, test } from '@jest/globals'
import type { Image, NewImage } from '@imago/core'
import { bareImage } from '@imago/testkit'
import fc from 'fast-check'
import { carried, type Carried } from '../../src/carry/carried.ts'
import { fromLabelKey, fromLabelValue, fromPropertyName, toLabelKey, toLabelValue, toPropertyName } from '../../src/carry/label-text.ts'
import { RUN_LABEL, RUN_PROPERTY } from '../../src/carry/never.ts'
import type { Takes } from '../../src/carry/takes.ts'

const GLANCE: Takes = { name: true, labels: false, tags: true, properties: true, minDisk: true, minRam: true, visibility: true, protect: true, hide: true }
const HETZNER: Takes = { name: false, labels: true, tags: false, properties: false, minDisk: false, minRam: false, visibility: false, protect: true, hide: false }

const NAME = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const PREFIX = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?$/

/** What Hetzner takes as a label: hcloud-go, hcloud/labels.go. */
const isLabel = ([key, value]: readonly [string, string]): boolean => {
  const [name = '', prefix] = key.split('/').toReversed()
  return NAME.test(name) && (prefix === undefined || PREFIX.test(prefix)) && (value === '' || NAME.test(value))
}

/** The image that a target makes of a request, with `description` as Hetzner and Glance keep it. */
const asMade = ({ name, description, labels = {}, tags = [], properties = {}, minDisk, minRam, architecture }: NewImage, takes: Takes): Image =>
  bareImage('made', {
    name: takes.name ? name : null,
    description: description ?? null,
    labels,
    tags: [...tags].sort(),
    properties: takes.properties ? { ...properties, ...(description === undefined ? {} : { description }), [RUN_PROPERTY]: 'a-run' } : {},
    ...(takes.labels ? { labels: { ...labels, [RUN_LABEL]: 'a-run' } } : {}),
    architecture: architecture ?? null,
    size: { stored: null, virtual: null, minDisk: minDisk ?? null, minRam: minRam ?? null },
  })

const carriedTo = (image: Image, takes: Takes): { readonly told: Carried; readonly image: Image } => {
  const told = carried(image, takes, {}, 'fallback')
  return { told, image: asMade({ ...told.request, diskFormat: 'raw' }, takes) }
}

const labelPart = fc.stringMatching(/^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,20}[A-Za-z0-9])?$/)
const labelKey = fc.oneof(labelPart, fc.tuple(labelPart, labelPart).map(([prefix, name]) => `${prefix}/${name}`), fc.constantFrom('A', 'a', 'imago.property/x', 'imago.property64/zzz', 'imago.tag/x', 'imago.field/other', 'imago_label_a'))
const labels = fc.dictionary(labelKey, fc.oneof(labelPart, fc.constant(''), fc.constant('b64.YWI.e')), { maxKeys: 6 })

const odd = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 60 }), labelPart, fc.constantFrom('ü', 'a b', 'images/x', '', 'b64.', 'trait:HW_CPU=required', '❀', '-'))
const tags = fc.uniqueArray(odd.filter((tag) => tag !== ''), { maxLength: 4 }).map((all) => all.sort())
const propertyName = fc.oneof(labelPart, fc.constantFrom('hw_disk_bus', 'trait:CUSTOM_A', 'os_distro', 'a/b', 'imago_label_x', 'imago_label_+X', 'imago_label_X')).filter((name) => !['name', 'id', 'description', 'architecture'].includes(name))
const properties = fc.dictionary(propertyName, odd, { maxKeys: 5 })

describe('text in labels', () => {
  test('comes back as it was, or does not fit', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const value = toLabelValue(text)
        if (value !== null) expect([isLabel(['key', value]), fromLabelValue(value)]).toEqual([true, text])
        for (const kind of ['property', 'tag'] as const) {
          const key = toLabelKey(kind, text)
          if (key !== null) expect([isLabel([key, '']), fromLabelKey(key)]).toEqual([true, { kind, text }])
        }
      }),
    )
  })

  test('whatever fits as it is, stays readable', () => {
    expect([toLabelValue('24.04'), toLabelKey('property', 'hw_disk_bus'), toLabelKey('tag', 'lts')]).toEqual(['24.04', 'imago.property/hw_disk_bus', 'imago.tag/lts'])
    expect([toLabelValue('a b'), toLabelValue('x'.repeat(63)), toLabelValue('x'.repeat(64)), toLabelValue('\ud800')]).toEqual(['b64.YSBi.e', 'x'.repeat(63), null, null])
  })

  test('labels as names of properties differ by more than case, and come back', () => {
    fc.assert(
      fc.property(labelKey, (key) => {
        const name = toPropertyName(key)
        expect(name).toBe(name?.toLowerCase())
        expect(name === null ? null : fromPropertyName(name)).toBe(key)
      }),
    )
    expect(fromPropertyName('imago_label_A')).toBeNull()
  })
})

describe('what is carried', () => {
  test('labels come back from where there are only properties', () => {
    fc.assert(
      fc.property(labels, fc.option(fc.string({ minLength: 1 })), (labels, description) => {
        const before = bareImage('snapshot', { labels, description })
        const there = carriedTo(before, GLANCE)
        const back = carriedTo(there.image, HETZNER)
        const { [RUN_LABEL]: _, ...own } = back.image.labels
        for (const [key, value] of Object.entries(labels)) expect([key, own[key]]).toEqual([key, value])
        expect(back.image.description).toBe(description ?? 'fallback')
      }),
    )
  })

  test('properties and tags come back from where there are only labels, but for what is told to be lost', () => {
    fc.assert(
      fc.property(properties, tags, fc.option(fc.string({ minLength: 1 })), fc.option(fc.string({ minLength: 1 })), (properties, tags, name, description) => {
        const before = bareImage('image', { name, description, tags, properties: description === null ? properties : { ...properties, description } })
        const there = carriedTo(before, HETZNER)
        const isLost = (field: string, entry: string): boolean => there.told.fates.some((fate) => fate.field === field && fate.entry === entry && fate.fate === 'lost')
        for (const label of Object.entries(there.image.labels)) expect([label, isLabel(label)]).toEqual([label, true])
        const back = carriedTo(there.image, GLANCE)
        for (const [key, value] of Object.entries(properties)) {
          const label = fromPropertyName(key)
          // A property that stands for a label is the label, where there are labels.
          const isLabelThere = label !== null && there.image.labels[label] === value
          if (!isLost('properties', key) && !isLabelThere) expect([key, back.image.properties[key]]).toEqual([key, value])
        }
        expect(back.image.tags).toEqual(tags.filter((tag) => !isLost('tags', tag)))
        if (name !== null && !there.told.fates.some(({ field, fate }) => field === 'name' && fate === 'lost')) expect([back.image.name, back.image.description]).toEqual([name, description])
      }),
    )
  })

  test('what is carried to the same kind of provider stays as it is', () => {
    fc.assert(
      fc.property(labels, properties, tags, (labels, properties, tags) => {
        const glance = carriedTo(bareImage('image', { name: 'x', properties, tags }), GLANCE)
        const { [RUN_PROPERTY]: _, ...kept } = glance.image.properties
        expect([kept, glance.image.tags]).toEqual([properties, tags])
        const hetzner = carriedTo(bareImage('snapshot', { description: 'x', labels }), HETZNER)
        for (const [key, value] of Object.entries(labels)) expect([key, hetzner.image.labels[key]]).toEqual([key, value])
      }),
    )
  })

  test('what the service says, what points into one cloud and what is of the bytes never is', () => {
    const never = {
      os_glance_import_task: 'x', os_glance_failed_import: '', direct_url: 'rbd://x', checksum: 'x', kernel_id: 'x', ramdisk_id: 'x', instance_uuid: 'x', base_image_ref: 'x', cinder_encryption_key_id: 'x', owner_id: 'x',
      img_signature: 'x', img_signature_certificate_uuid: 'x', block_device_mapping: '[]', image_type: 'snapshot', 'owner_specified.openstack.md5': 'x', 'owner_specified.shade.object': 'x', __imagetype: 'gold', [RUN_PROPERTY]: 'other',
    }
    for (const takes of [GLANCE, HETZNER]) {
      const { told } = carriedTo(bareImage('image', { name: 'x', properties: { ...never, os_distro: 'debian', hw_vif_model: null }, labels: { [RUN_LABEL]: 'other', 'hetzner.cloud/x': '1' } }), takes)
      expect(told.fates.filter(({ fate, entry }) => fate === 'lost' && entry !== null).map(({ entry }) => entry ?? '').sort()).toEqual([...Object.keys(never), 'hetzner.cloud/x', 'hw_vif_model', RUN_LABEL].sort())
      const text = JSON.stringify(told.request)
      for (const key of Object.keys(never)) expect(text).not.toContain(key)
      expect(text).toContain('os_distro')
    }
  })

  test('the operating system becomes properties, or labels that stand for them', () => {
    const snapshot = bareImage('snapshot', { description: 'web', os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null }, architecture: 'aarch64' })
    expect(carried(snapshot, GLANCE, {}, 'x').request).toMatchObject({ name: 'web', architecture: 'aarch64', properties: { os_type: 'linux', os_distro: 'ubuntu', os_version: '24.04' } })
    const labels = { 'imago.property/os_type': 'linux', 'imago.property/os_distro': 'ubuntu', 'imago.property/os_version': '24.04' }
    expect(carried(snapshot, HETZNER, {}, 'x').request).toMatchObject({ labels })
    expect(carried({ ...snapshot, labels: { ...labels, [RUN_LABEL]: 'r' } }, GLANCE, {}, 'x').request.properties).toEqual({ os_type: 'linux', os_distro: 'ubuntu', os_version: '24.04' })
  })

  test('the least disk of a snapshot that a run made is the helping server’s, and does not travel', () => {
    const snapshot = bareImage('snapshot', { description: 'web', size: { stored: null, virtual: 2 ** 30, minDisk: 40_960_000_000, minRam: null } })
    expect(carried(snapshot, GLANCE, {}, 'x').request.minDisk).toBe(40_960_000_000)
    expect(carried({ ...snapshot, labels: { [RUN_LABEL]: 'r' } }, GLANCE, {}, 'x').request).not.toHaveProperty('minDisk')
    expect(carried({ ...snapshot, labels: { [RUN_LABEL]: 'r', 'imago.field/min-disk': '2147483648' } }, GLANCE, {}, 'x').request.minDisk).toBe(2 ** 31)
  })

  test('wishes come before what the source says', () => {
    const { request, finish } = carried(bareImage('image', { name: 'x', visibility: 'public', tags: ['a'] }), GLANCE, { name: 'y', tags: ['b'], properties: { p: '1' }, minDisk: 5, visibility: 'public' }, 'z')
    expect(request).toEqual({ name: 'y', tags: ['a', 'b'], properties: { p: '1' }, minDisk: 5 })
    expect(finish).toEqual({ visibility: 'public', protect: false, hide: false })
    expect(carried(bareImage('image', { visibility: 'public' }), GLANCE, {}, 'z').finish.visibility).toBeNull()
  })
})
