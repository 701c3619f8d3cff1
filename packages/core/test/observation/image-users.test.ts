import { describe, expect, it } from '@jest/globals'
import { isUse, listOrigins, listUsers } from '../../src/observation/image-users.ts'
import type { UsageEdge, UsageRelation } from '../../src/source/usage.ts'
import { CLOUD } from '../paged-source.ts'

const edgeFrom = (id: string, relation: UsageRelation, name: string | null = null): UsageEdge => ({
  image: { ...CLOUD, id: 'image-1' },
  by: { kind: 'server', id, name },
  relation,
  via: 'servers[].image.id',
  evidence: 'declared',
  dependsOn: false,
})

const edges = [
  edgeFrom('1', 'uses', 'web-1'),
  edgeFrom('1', 'uses', 'web-1'),
  edgeFrom('2', 'uses'),
  edgeFrom('3', 'origin', 'builder'),
]

describe('isUse', () => {
  it('returns false only for the server from which the image was created', () =>
    expect(edges.map(isUse)).toEqual([true, true, true, false]))
})

describe('listUsers', () => {
  it('returns each user once, by name or ID', () => expect(listUsers({ edges })).toEqual(['server web-1', 'server 2']))
})

describe('listOrigins', () => {
  it('returns the servers from which the image was created', () =>
    expect(listOrigins({ edges })).toEqual(['server builder']))
})
