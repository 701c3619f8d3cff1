import { describe, expect, it } from '@jest/globals'
import type { Image, MetadataRules, NewImage } from '@imago/core'
import { bareImage } from '@imago/testkit'
import fc from 'fast-check'
import { translateMetadata, type TranslatedMetadata } from '../../src/metadata/translate.ts'
import {
  fromLabelKey,
  fromLabelValue,
  fromPropertyName,
  toLabelKey,
  toLabelValue,
  toPropertyName,
} from '../../src/metadata/label-text.ts'
import { RUN_LABEL, RUN_PROPERTY } from '@imago/core'
import type { TargetSupport } from '../../src/metadata/target-support.ts'
import type { TransferOverrides } from '../../src/plan/transfer-input.ts'
import { DISK_RULES, FILE_RULES } from '../rules.ts'

const GLANCE: TargetSupport = {
  name: true,
  labels: false,
  tags: true,
  properties: true,
  minDisk: true,
  minRam: true,
  visibility: true,
  protect: true,
  hide: true,
}
const HETZNER: TargetSupport = {
  name: false,
  labels: true,
  tags: false,
  properties: false,
  minDisk: false,
  minRam: false,
  visibility: false,
  protect: true,
  hide: false,
}

const selectRules = (takes: TargetSupport): MetadataRules => (takes.properties ? FILE_RULES : DISK_RULES)
const otherThan = (takes: TargetSupport): MetadataRules => (takes.properties ? DISK_RULES : FILE_RULES)

/** Translates to the target `takes`. Default of `source`: the rules of the other provider. */
const translate = (
  image: Image,
  takes: TargetSupport,
  overrides: TransferOverrides,
  fallback: string,
  source = otherThan(takes),
): TranslatedMetadata =>
  translateMetadata(
    image,
    { support: takes, rules: { source, target: selectRules(takes) }, isConverted: false },
    overrides,
    fallback,
  )

const NAME = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const PREFIX = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?$/

/** Whether Hetzner accepts a label (hcloud-go: hcloud/labels.go). */
const isLabel = ([key, value]: readonly [string, string]): boolean => {
  const [name = '', prefix] = key.split('/').toReversed()
  return NAME.test(name) && (prefix === undefined || PREFIX.test(prefix)) && (value === '' || NAME.test(value))
}

/** The image that a target creates from a request, with `description` as Hetzner and Glance store it. */
const toCreatedImage = (
  { name, description, labels = {}, tags = [], properties = {}, minDisk, minRam, architecture }: NewImage,
  takes: TargetSupport,
): Image =>
  bareImage('made', {
    name: takes.name ? name : null,
    description: description ?? null,
    labels,
    tags: [...tags].sort(),
    properties: takes.properties
      ? { ...properties, ...(description === undefined ? {} : { description }), [RUN_PROPERTY]: 'a-run' }
      : {},
    ...(takes.labels ? { labels: { ...labels, [RUN_LABEL]: 'a-run' } } : {}),
    architecture: architecture ?? null,
    size: { stored: null, virtual: null, minDisk: minDisk ?? null, minRam: minRam ?? null },
  })

const translateTo = (
  image: Image,
  takes: TargetSupport,
  source = otherThan(takes),
): { readonly translated: TranslatedMetadata; readonly image: Image } => {
  const translated = translate(image, takes, {}, 'fallback', source)
  return { translated, image: toCreatedImage({ ...translated.request, diskFormat: 'raw' }, takes) }
}

const labelPart = fc.stringMatching(/^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,20}[A-Za-z0-9])?$/)
const labelKey = fc.oneof(
  labelPart,
  fc.tuple(labelPart, labelPart).map(([prefix, name]) => `${prefix}/${name}`),
  fc.constantFrom(
    'A',
    'a',
    'imago.property/x',
    'imago.property64/zzz',
    'imago.tag/x',
    'imago.field/other',
    'imago_label_a',
  ),
)
const labels = fc.dictionary(labelKey, fc.oneof(labelPart, fc.constant(''), fc.constant('b64.YWI.e')), { maxKeys: 6 })

const odd = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  labelPart,
  fc.constantFrom('ü', 'a b', 'images/x', '', 'b64.', 'trait:HW_CPU=required', '❀', '-'),
)
const tags = fc
  .uniqueArray(
    odd.filter((tag) => tag !== ''),
    { maxLength: 4 },
  )
  .map((all) => all.sort())
const propertyName = fc
  .oneof(
    labelPart,
    fc.constantFrom(
      'hw_disk_bus',
      'trait:CUSTOM_A',
      'os_distro',
      'a/b',
      'imago_label_x',
      'imago_label_+X',
      'imago_label_X',
    ),
  )
  .filter((name) => !['name', 'id', 'description', 'architecture'].includes(name))
const properties = fc.dictionary(propertyName, odd, { maxKeys: 5 })

describe('toLabelValue, toLabelKey and toPropertyName', () => {
  it('return a label that decodes to the same text, or null', () => {
    fc.assert(
      fc.property(odd, (text) => {
        const value = toLabelValue(text)
        if (value !== null) {
          expect(isLabel(['key', value])).toBe(true)
          expect(fromLabelValue(value)).toBe(text)
        }
        for (const kind of ['property', 'tag'] as const) {
          const key = toLabelKey(kind, text)
          if (key !== null) {
            expect(isLabel([key, ''])).toBe(true)
            expect(fromLabelKey(key)).toEqual({ kind, text })
          }
        }
      }),
    )
  })

  it('keep valid text readable', () => {
    expect(toLabelValue('24.04')).toBe('24.04')
    expect(toLabelKey('property', 'hw_disk_bus')).toBe('imago.property/hw_disk_bus')
    expect(toLabelKey('tag', 'lts')).toBe('imago.tag/lts')
    expect(toLabelValue('a b')).toBe('b64.YSBi.e')
    expect(toLabelValue('x'.repeat(63))).toBe('x'.repeat(63))
    expect(toLabelValue('x'.repeat(64))).toBeNull()
    expect(toLabelValue('\ud800')).toBeNull()
  })

  it('return property names that are unique regardless of case, and decode to the same label', () => {
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

describe('translateMetadata', () => {
  it('restores labels after a transfer to a target with only properties', () => {
    fc.assert(
      fc.property(labels, fc.option(fc.string({ minLength: 1 })), (labels, description) => {
        const before = bareImage('snapshot', { labels, description })
        const there = translateTo(before, GLANCE)
        const back = translateTo(there.image, HETZNER)
        const { [RUN_LABEL]: _, ...own } = back.image.labels
        for (const [key, value] of Object.entries(labels)) expect(own[key]).toBe(value)
        expect(back.image.description).toBe(description ?? 'fallback')
      }),
    )
  })

  it('restores properties and tags, except lost ones, after a transfer to a target with only labels', () => {
    fc.assert(
      fc.property(
        properties,
        tags,
        fc.option(fc.string({ minLength: 1 })),
        fc.option(fc.string({ minLength: 1 })),
        (properties, tags, name, description) => {
          const before = bareImage('image', {
            name,
            description,
            tags,
            properties: description === null ? properties : { ...properties, description },
          })
          const there = translateTo(before, HETZNER)
          const isLost = (field: string, entry: string): boolean =>
            there.translated.dispositions.some(
              (disposition) =>
                disposition.field === field && disposition.entry === entry && disposition.disposition === 'lost',
            )
          for (const label of Object.entries(there.image.labels)) expect(isLabel(label)).toBe(true)
          const back = translateTo(there.image, GLANCE)
          for (const [key, value] of Object.entries(properties)) {
            const label = fromPropertyName(key)
            // A property that stores a label becomes that label at a target with labels.
            const isLabelThere = label !== null && there.image.labels[label] === value
            if (!isLost('properties', key) && !isLabelThere) expect(back.image.properties[key]).toBe(value)
          }
          expect(back.image.tags).toEqual(tags.filter((tag) => !isLost('tags', tag)))
          if (
            name !== null &&
            !there.translated.dispositions.some(({ field, disposition }) => field === 'name' && disposition === 'lost')
          ) {
            expect(back.image.name).toBe(name)
            expect(back.image.description).toBe(description)
          }
        },
      ),
    )
  })

  it('keeps metadata unchanged between providers of the same kind', () => {
    fc.assert(
      fc.property(labels, properties, tags, (labels, properties, tags) => {
        const glance = translateTo(bareImage('image', { name: 'x', properties, tags }), GLANCE, FILE_RULES)
        const { [RUN_PROPERTY]: _, ...kept } = glance.image.properties
        expect(kept).toEqual(properties)
        expect(glance.image.tags).toEqual(tags)
        const hetzner = translateTo(bareImage('snapshot', { description: 'x', labels }), HETZNER, DISK_RULES)
        for (const [key, value] of Object.entries(labels)) expect(hetzner.image.labels[key]).toBe(value)
      }),
    )
  })

  it('never transfers properties of the service, of one cloud or of the bytes', () => {
    const never = {
      checksum: 'x',
      direct_url: 'rbd://x',
      service_task: '',
      secret_key_id: 'x',
      [RUN_PROPERTY]: 'other',
    }
    for (const takes of [GLANCE, HETZNER]) {
      const { translated } = translateTo(
        bareImage('image', {
          name: 'x',
          properties: { ...never, os_distro: 'debian', hw_vif_model: null },
          labels: { [RUN_LABEL]: 'other', 'provider.cloud/x': '1' },
        }),
        takes,
      )
      expect(
        translated.dispositions
          .filter(({ disposition, entry }) => disposition === 'lost' && entry !== null)
          .map(({ entry }) => entry ?? '')
          .sort(),
      ).toEqual([...Object.keys(never), 'provider.cloud/x', 'hw_vif_model', RUN_LABEL].sort())
      const text = JSON.stringify(translated.request)
      for (const key of Object.keys(never)) expect(text).not.toContain(key)
      expect(text).toContain('os_distro')
    }
  })

  it('stores the operating system in properties, or in labels', () => {
    const snapshot = bareImage('snapshot', {
      description: 'web',
      os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null },
      architecture: 'aarch64',
    })
    expect(translate(snapshot, GLANCE, {}, 'x').request).toMatchObject({
      name: 'web',
      architecture: 'aarch64',
      properties: { os_type: 'linux', os_distro: 'ubuntu', os_version: '24.04' },
    })
    const labels = {
      'imago.property/os_type': 'linux',
      'imago.property/os_distro': 'ubuntu',
      'imago.property/os_version': '24.04',
    }
    expect(translate(snapshot, HETZNER, {}, 'x').request).toMatchObject({ labels })
    expect(
      translate({ ...snapshot, labels: { ...labels, [RUN_LABEL]: 'r' } }, GLANCE, {}, 'x').request.properties,
    ).toEqual({ os_type: 'linux', os_distro: 'ubuntu', os_version: '24.04' })
  })

  it('ignores the minimum disk of a snapshot that a run created', () => {
    const snapshot = bareImage('snapshot', {
      description: 'web',
      size: { stored: null, virtual: 2 ** 30, minDisk: 40_960_000_000, minRam: null },
    })
    expect(translate(snapshot, GLANCE, {}, 'x').request.minDisk).toBe(40_960_000_000)
    expect(translate({ ...snapshot, labels: { [RUN_LABEL]: 'r' } }, GLANCE, {}, 'x').request).not.toHaveProperty(
      'minDisk',
    )
    expect(
      translate({ ...snapshot, labels: { [RUN_LABEL]: 'r', 'imago.field/min-disk': '2147483648' } }, GLANCE, {}, 'x')
        .request.minDisk,
    ).toBe(2 ** 31)
  })

  it('prefers overrides to the source', () => {
    const { request, finish } = translate(
      bareImage('image', { name: 'x', visibility: 'public', tags: ['a'] }),
      GLANCE,
      { name: 'y', tags: ['b'], properties: { p: '1' }, minDisk: 5, visibility: 'public' },
      'z',
    )
    expect(request).toEqual({ name: 'y', tags: ['a', 'b'], properties: { p: '1' }, minDisk: 5 })
    expect(finish).toEqual({ visibility: 'public', protect: false, hide: false })
    expect(translate(bareImage('image', { visibility: 'public' }), GLANCE, {}, 'z').finish.visibility).toBeNull()
  })
})

describe('translateMetadata without rules', () => {
  const noRules = (image: Image, takes: TargetSupport): TranslatedMetadata =>
    translateMetadata(image, { support: takes, rules: { source: {}, target: {} }, isConverted: true }, {}, 'x')
  const image = bareImage('image', {
    name: 'x',
    os: { family: 'linux', distro: 'debian', version: null, defaultUser: null },
    architecture: 'x86_64',
    labels: { a: 'b', [RUN_LABEL]: 'r' },
    tags: ['t'],
    properties: { checksum: '1', architecture: 'x64', [RUN_PROPERTY]: 'r' },
  })

  it('copies all entries except run tags', () => {
    const all: TargetSupport = { ...GLANCE, labels: true }
    expect(noRules(image, all).request).toEqual({
      name: 'x',
      architecture: 'x86_64',
      labels: { a: 'b' },
      tags: ['t'],
      properties: { checksum: '1', architecture: 'x64' },
    })
  })

  it('reports fields without a property as lost', () => {
    expect(
      noRules(image, GLANCE)
        .dispositions.filter(({ field }) => field.startsWith('os.'))
        .map(({ field, disposition }) => [field, disposition]),
    ).toEqual([
      ['os.family', 'lost'],
      ['os.distro', 'lost'],
    ])
  })
})

describe('translateMetadata without rules of the target', () => {
  it('creates no properties that only the source declares', () => {
    const snapshot = bareImage('snapshot', {
      description: 'web',
      os: { family: 'linux', distro: 'debian', version: null, defaultUser: null },
      properties: { os_distro: 'debian', architecture: 'x64' },
      architecture: 'x86_64',
    })
    const { request, dispositions } = translateMetadata(
      snapshot,
      { support: GLANCE, rules: { source: FILE_RULES, target: {} }, isConverted: false },
      {},
      'x',
    )
    // The request states the architecture, because the adapter may store it elsewhere.
    expect(request).toMatchObject({ architecture: 'x86_64', properties: { os_distro: 'debian', architecture: 'x64' } })
    expect(
      dispositions.filter(({ field }) => field.startsWith('os.')).map(({ field, disposition }) => [field, disposition]),
    ).toEqual([
      ['os.family', 'lost'],
      ['os.distro', 'kept'],
    ])
  })
})

describe('translateMetadata with rules of the target', () => {
  const target: MetadataRules = {
    labelKey: { maxLength: null, pattern: '^[a-z/.]{1,30}$', reserved: [], requirement: 'be lower case' },
    labelValue: { maxLength: 10, pattern: null, reserved: [], requirement: '' },
  }
  const translated = (properties: Image['properties'], tags: readonly string[] = []): TranslatedMetadata =>
    translateMetadata(
      bareImage('image', { name: 'x', properties, tags }),
      { support: HETZNER, rules: { source: {}, target }, isConverted: false },
      {},
      'x',
    )

  it('loses a property or tag whose label is not valid', () => {
    const { request, dispositions } = translated({ ok: 'v', BAD: 'v', long: 'v'.repeat(11) }, ['good', 'BAD'])
    expect(Object.keys(request.labels ?? {})).toEqual(expect.arrayContaining(['imago.property/ok', 'imago.tag/good']))
    expect(
      dispositions
        .filter(({ disposition, field }) => disposition === 'lost' && (field === 'tags' || field === 'properties'))
        .map(({ field, entry, reason }) => [field, entry, reason]),
    ).toEqual([
      ['tags', 'BAD', 'the target does not accept it as a label'],
      ['properties', 'BAD', 'the target does not accept it as a label'],
      ['properties', 'long', 'the target does not accept it as a label'],
    ])
  })

  it('loses a property whose name is not valid', () => {
    const { request, dispositions } = translateMetadata(
      bareImage('image', { name: 'x', properties: { ' x': '1', y: '2' } }),
      { support: GLANCE, rules: { source: {}, target: FILE_RULES }, isConverted: false },
      {},
      'x',
    )
    expect(request.properties).toEqual({ y: '2' })
    expect(dispositions).toContainEqual({
      field: 'properties',
      entry: ' x',
      disposition: 'lost',
      from: '1',
      to: null,
      reason: 'the target does not accept this property name',
    })
  })
})

describe('translateMetadata of properties of the bytes', () => {
  it.each([[true], [false]])(
    'copies properties of the bytes only without a conversion (converted: %p)',
    (isConverted) => {
      const { request } = translateMetadata(
        bareImage('image', { name: 'x', properties: { stored_as: 'sparse' } }),
        { support: GLANCE, rules: { source: FILE_RULES, target: FILE_RULES }, isConverted },
        {},
        'x',
      )
      expect(request.properties).toEqual(isConverted ? undefined : { stored_as: 'sparse' })
    },
  )
})

describe('translateMetadata of values', () => {
  it('loses a value that the property does not allow', () => {
    const snapshot = bareImage('snapshot', {
      description: 'web',
      os: { family: 'bsd', distro: null, version: null, defaultUser: null },
    })
    expect(translate(snapshot, GLANCE, {}, 'x').dispositions).toContainEqual({
      field: 'os.family',
      entry: null,
      disposition: 'lost',
      from: 'bsd',
      to: null,
      reason: 'the property os_type of the target does not accept this value',
    })
  })
})
