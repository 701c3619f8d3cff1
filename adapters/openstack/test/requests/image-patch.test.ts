import { describe, expect, it } from '@jest/globals'
import type { ImageChanges } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { imagePatch } from '../../src/requests/image-patch.ts'
import type { JsonPatch } from '../../src/requests/images.ts'
import { findPropertyNameProblem } from '../../src/requests/property-name.ts'

type WireRecord = Readonly<Record<string, unknown>>

/** Applies a patch as Glance does (glance: glance/api/v2/images.py, _do_add, _do_replace, _do_remove and _decode_json_pointer). Throws where Glance returns an error. */
const applied = (record: WireRecord, patch: JsonPatch): WireRecord => {
  const fields = new Map(Object.entries(record))
  for (const change of patch) {
    expect(change.path).toMatch(/^\/(?:[^~/]|~[01])+$/)
    const name = change.path.slice(1).trim().replaceAll('~1', '/').replaceAll('~0', '~')
    if (change.op !== 'add' && !fields.has(name)) throw new Error(`409: ${change.op} of ${name}`)
    if (change.op === 'remove' && GLANCE_BASE_KEYS.has(name)) throw new Error(`403: remove of ${name}`)
    if (change.op === 'remove') fields.delete(name)
    else fields.set(name, change.value)
  }
  return Object.fromEntries(fields)
}

const propertyName = fc
  .oneof(
    fc.constantFrom('a/b', 'a~b', '~1', '~01', '__proto__', 'constructor', 'description', 'properties', 'hw_disk_bus'),
    fc.string({ minLength: 1, maxLength: 8 }),
  )
  .filter((name) => findPropertyNameProblem(name) === null)
const properties = fc.dictionary(propertyName, fc.string({ maxLength: 4 }), { noNullPrototype: true })
const tags = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 4 })

const record = fc
  .tuple(
    fc.record({
      id: fc.uuid(),
      name: fc.option(fc.string()),
      tags,
      min_disk: fc.nat(9),
      min_ram: fc.nat(9),
      status: fc.constant('active'),
      protected: fc.boolean(),
    }),
    properties,
  )
  .map(([base, more]): WireRecord => Object.fromEntries([...Object.entries(more), ...Object.entries(base)]))

const tagChanges = fc.oneof(tags, fc.record({ add: tags, remove: tags }, { requiredKeys: [] }))

const changes: fc.Arbitrary<ImageChanges> = fc.record(
  {
    name: fc.string(),
    description: fc.string(),
    tags: tagChanges,
    minDisk: fc.nat(20 * 2 ** 30),
    minRam: fc.nat(20 * 2 ** 20),
    properties: fc.dictionary(propertyName, fc.option(fc.string({ maxLength: 4 })), { noNullPrototype: true }),
  },
  { requiredKeys: [] },
)

const tagsAfter = (before: readonly string[], wanted: NonNullable<ImageChanges['tags']>): readonly string[] =>
  'map' in wanted ? wanted : [...before, ...(wanted.add ?? [])].filter((tag) => wanted.remove?.includes(tag) !== true)

/** The expected record, computed without a patch. */
const expected = (
  before: WireRecord,
  { name, description, tags: wanted, minDisk, minRam, properties: entries = {} }: ImageChanges,
): WireRecord => {
  const after = new Map(Object.entries(before))
  for (const [key, value] of Object.entries(entries)) {
    if (value === null) after.delete(key)
    else after.set(key, value)
  }
  if (name !== undefined) after.set('name', name)
  if (description !== undefined) after.set('description', description)
  if (minDisk !== undefined) after.set('min_disk', Math.ceil(minDisk / 2 ** 30))
  if (minRam !== undefined) after.set('min_ram', Math.ceil(minRam / 2 ** 20))
  if (wanted !== undefined) after.set('tags', tagsAfter(before['tags'] as readonly string[], wanted))
  return Object.fromEntries(after)
}

/** Glance stores tags as a set. */
const asSet = (one: WireRecord): WireRecord => ({
  ...one,
  tags: [...new Set(one['tags'] as readonly string[])].toSorted(),
})

const isTwice = ({ description, properties: entries = {} }: ImageChanges): boolean =>
  description !== undefined && Object.hasOwn(entries, 'description') && entries['description'] !== description

describe('imagePatch', () => {
  it('applies exactly the requested changes', () => {
    fc.assert(
      fc.property(
        record,
        changes.filter((one) => !isTwice(one)),
        (before, wanted) => {
          const patch = imagePatch(before, wanted)
          if (E.isLeft(patch)) throw new Error(patch.left)
          expect(asSet(applied(before, patch.right))).toEqual(asSet(expected(before, wanted)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is empty for changes that are already applied', () => {
    fc.assert(
      fc.property(
        record,
        changes.filter((one) => !isTwice(one)),
        (before, wanted) => {
          const patch = imagePatch(before, wanted)
          if (E.isLeft(patch)) throw new Error(patch.left)
          expect(new Set(patch.right.map(({ path }) => path)).size).toBe(patch.right.length)
          const after = applied(before, patch.right)
          for (const { path } of patch.right) {
            const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
            expect([Object.hasOwn(after, name), after[name]]).not.toEqual([Object.hasOwn(before, name), before[name]])
          }
          expect(imagePatch(after, wanted)).toEqual(E.right([]))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps an equal SCS description and otherwise sets Glance’s', () => {
    expect(imagePatch({ image_description: 'd' }, { description: 'd' })).toEqual(E.right([]))
    expect(imagePatch({ image_description: 'd' }, { description: 'e' })).toEqual(
      E.right([{ op: 'add', path: '/description', value: 'e' }]),
    )
  })

  it.each<readonly [ImageChanges, string]>([
    [{ properties: { os_glance_x: null } }, 'os_glance_x is reserved by Glance'],
    [{ properties: { checksum: 'x' } }, 'checksum is a field of Glance, not a property'],
    [{ properties: { deleted: 'x' } }, 'deleted is reserved by Glance'],
    [{ properties: { 'x ': 'y' } }, 'the name of the property "x " begins or ends with a space'],
    [{ properties: { x: 5 as unknown as string } }, 'the value of the property x is not text'],
    [
      { properties: { description: 'a' }, description: 'b' },
      'the description and the property description are the same field, but have different values: set only one',
    ],
    [{ minRam: -5 }, 'invalid minRam: -5'],
  ])('rejects %j without sending a request', (wanted, why) => expect(imagePatch({}, wanted)).toEqual(E.left(why)))
})
