import type { KeystoneCatalog } from '@imago/schema-openstack'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { listEndpoints, readCatalog, selectEndpoint, type Wanted } from '../../src/auth/catalog.ts'
import { recorded } from './local-cloud.ts'

const WANTED: Wanted = { serviceType: 'image', serviceName: null, interfaces: ['public'], regionName: null }

const orAbsent = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null | undefined> =>
  fc.oneof({ weight: 4, arbitrary }, { weight: 1, arbitrary: fc.constantFrom(null, undefined) })
const endpoints = fc.array(
  fc.record({
    interface: orAbsent(fc.constantFrom('public', 'internal', 'admin', 'publicURL')),
    region: orAbsent(fc.constantFrom('one', 'two', '')),
    region_id: orAbsent(fc.constantFrom('one', 'two', 'One')),
    url: orAbsent(fc.oneof({ weight: 6, arbitrary: fc.webUrl() }, fc.constantFrom('', ' '))),
  }),
  { maxLength: 5 },
)
const catalogs = fc.array(
  fc.record({
    type: orAbsent(fc.constantFrom('image', 'Image', 'compute', 'volumev3')),
    name: orAbsent(fc.constantFrom('glance', 'other', '')),
    endpoints: orAbsent(endpoints),
  }),
  { maxLength: 5 },
)
const wishes: fc.Arbitrary<Wanted> = fc.record({
  serviceType: fc.constantFrom('image', 'compute', 'volumev3', 'none'),
  serviceName: fc.constantFrom(null, 'glance', 'other'),
  interfaces: fc.uniqueArray(fc.constantFrom('public', 'internal', 'admin'), { minLength: 1 }),
  regionName: fc.constantFrom(null, 'one', 'two', 'One', 'three'),
})

const chosen = (catalog: unknown, wanted: Partial<Wanted> = {}): unknown => {
  const found = selectEndpoint(readCatalog(catalog), { ...WANTED, ...wanted })
  return E.isRight(found) ? found.right.url : found.left.what
}

const at = (url: string, rest: object = {}): object => ({ interface: 'public', region_id: 'one', url, ...rest })
const image = (...list: readonly object[]): object => ({ type: 'image', name: 'glance', endpoints: list })

describe('selectEndpoint', () => {
  it('selects by interface and region from a recorded catalog', () => {
    const { catalog } = recorded('017-auth-catalog-200').body as { readonly catalog: KeystoneCatalog }
    const found = selectEndpoint(readCatalog(catalog), {
      ...WANTED,
      interfaces: ['internal', 'public'],
      regionName: 'RegionOne',
    })
    expect(found).toMatchObject({
      right: { serviceType: 'image', serviceName: 'glance', interface: 'internal', region: 'RegionOne' },
    })
  })

  it('selects a matching endpoint if and only if the catalog has one', () => {
    fc.assert(
      fc.property(catalogs, wishes, (catalog, wanted) => {
        const found = selectEndpoint(catalog as KeystoneCatalog, wanted)
        const all = listEndpoints(catalog as KeystoneCatalog)
        const fits = (one: (typeof all)[number]): boolean =>
          one.serviceType.toLowerCase() === wanted.serviceType &&
          wanted.interfaces.some((name) => name === one.interface) &&
          (wanted.regionName === null || one.region === wanted.regionName) &&
          [null, wanted.serviceName ?? one.serviceName].includes(one.serviceName)
        expect(E.isRight(found)).toBe(all.some(fits))
        if (E.isRight(found)) {
          expect(all).toContainEqual(found.right)
          expect(fits(found.right)).toBe(true)
          // The endpoint is the first of the most preferred interface.
          const better = new Set<string | null>(
            wanted.interfaces.slice(0, wanted.interfaces.indexOf(found.right.interface ?? '')),
          )
          expect(all.filter((one) => fits(one) && better.has(one.interface))).toEqual([])
          expect(all.find((one) => fits(one) && one.interface === found.right.interface)).toEqual(found.right)
        }
      }),
    )
  })

  it.each([
    ['the first of several endpoints', [image(at('http://a'), at('http://b'))], {}, 'http://a'],
    [
      'the preferred interface, regardless of the order',
      [image(at('http://a'), at('http://b', { interface: 'internal' }))],
      { interfaces: ['internal', 'public'] },
      'http://b',
    ],
    [
      'the next interface if the preferred one is missing',
      [image(at('http://a'))],
      { interfaces: ['internal', 'public'] },
      'http://a',
    ],
    [
      'by region_id before region',
      [image(at('http://a', { region: 'two' }), at('http://b', { region_id: 'two', region: 'one' }))],
      { regionName: 'two' },
      'http://b',
    ],
    [
      'by region without a region_id',
      [image(at('http://a', { region_id: null, region: 'two' }))],
      { regionName: 'two' },
      'http://a',
    ],
    ['no empty address', [image(at(''), at('http://b'))], {}, 'http://b'],
    [
      'by old interface names, in catalog and settings',
      [image(at('http://a', { interface: 'publicURL' }))],
      { interfaces: ['publicURL'] },
      'http://a',
    ],
    [
      'by name only if the entry has one',
      [{ type: 'image', endpoints: [at('http://a')] }],
      { serviceName: 'glance' },
      'http://a',
    ],
    [
      'no other name',
      [{ ...image(at('http://a')), name: 'other' }, image(at('http://b'))],
      { serviceName: 'glance' },
      'http://b',
    ],
    [
      'by a type in another spelling',
      [{ ...image(at('http://a')), type: 'My_Image' }],
      { serviceType: 'my-image' },
      'http://a',
    ],
  ])('selects %s', (_, catalog, wanted, url) => expect(chosen(catalog, wanted)).toBe(url))

  it.each([
    ['an empty catalog', [], {}, 'the token came with an empty catalog'],
    [
      'types for an unknown type',
      [
        { ...image(at('http://a')), type: 'identity' },
        { ...image(at('http://b')), type: 'volumev3' },
      ],
      {},
      'the catalog has no service of type image; it has identity, volumev3',
    ],
    [
      'interfaces and regions for an unknown region or interface',
      [image(at('http://a'), at('http://b', { interface: 'admin', region_id: 'two' }), at('http://c'))],
      { regionName: 'ONE', interfaces: ['public', 'internal'] },
      'the catalog has no public or internal endpoint of the service type image in region ONE; it has public in one, admin in two',
    ],
    [
      'names for an unknown name',
      [image(at('http://a'))],
      { serviceName: 'mirror' },
      'the catalog has no public endpoint of the service type image named mirror; it has public in one of glance',
    ],
  ])('lists the alternatives in an error: %s', (_, catalog, wanted, what) => expect(chosen(catalog, wanted)).toBe(what))
})

describe('readCatalog', () => {
  it('accepts any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(E.isLeft(selectEndpoint(readCatalog(json), WANTED))).toBe(true)
      }),
    )
  })

  it('skips invalid entries and keeps the others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        (services, endpoints_) => {
          expect(
            chosen([...services, image(...(endpoints_ as object[]), at('http://a', { region: 5 })), ...services]),
          ).toBe('http://a')
        },
      ),
    )
  })
})
