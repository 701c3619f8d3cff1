import { describe, expect, it } from '@jest/globals'
import { selectEndpoint, type Wanted } from '../../src/auth/catalog.ts'
import { resolveService } from '../../src/auth/service.ts'
import type { ServiceSettings } from '../../src/options.ts'

const wanted = (settings: ServiceSettings = {}): Wanted =>
  resolveService('block-storage', { name: null, auth: { kind: 'none' }, services: { 'block-storage': settings } })

const createCatalog = (...types: readonly string[]) =>
  types.map((type) => ({ type, name: type, endpoints: [{ interface: 'public', url: `https://${type}.test/v3` }] }))

const chosenIn = (types: readonly string[], settings?: ServiceSettings): unknown => {
  const chosen = selectEndpoint(createCatalog(...types), wanted(settings))
  return chosen._tag === 'Right' ? chosen.right.serviceType : chosen.left.what
}

describe('block storage endpoint', () => {
  it.each([
    { types: ['volumev3', 'block-storage'], chosen: 'block-storage' },
    { types: ['volumev2', 'volumev3'], chosen: 'volumev3' },
    { types: ['volumev2', 'volume'], chosen: 'volume' },
  ])('has the type $chosen in a catalog with $types', ({ types, chosen }) => {
    expect(chosenIn(types)).toBe(chosen)
  })

  it('has exactly the configured type', () => {
    expect(chosenIn(['volumev3', 'my-volumes'], { serviceType: 'my-volumes' })).toBe('my-volumes')
    expect(chosenIn(['volumev3'], { serviceType: 'my-volumes' })).toContain('my-volumes')
  })

  it('is an error if the catalog has no such service', () => {
    expect(chosenIn(['image'])).toContain('block-storage')
  })
})
