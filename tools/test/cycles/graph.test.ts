import { describe, expect, it } from '@jest/globals'
import { findCycles, folderGraph, findFolder } from '../../cycles/graph.mjs'

const createGraph = (edges: Readonly<Record<string, readonly string[]>>): Map<string, readonly string[]> =>
  new Map(Object.entries(edges))

describe('findCycles', () => {
  it('finds no cycle if every path ends', () =>
    expect(findCycles(createGraph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]))

  it('finds the nodes that reach each other, but not those before or after them', () => {
    expect(findCycles(createGraph({ in: ['a'], a: ['b'], b: ['c'], c: ['a', 'out'], out: [] }))).toEqual([
      ['a', 'b', 'c'],
    ])
  })

  it('separates cycles', () =>
    expect(findCycles(createGraph({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] }))).toEqual([
      ['c', 'd'],
      ['a', 'b'],
    ]))

  it('finds a file that imports itself', () => expect(findCycles(createGraph({ a: ['a'] }))).toEqual([['a']]))
})

describe('folderGraph', () => {
  it('assigns a folder everything in it, and ignores files outside folders', () => {
    const graph = createGraph({
      'src/a/one.ts': ['src/b/deep/two.ts', 'src/index.ts', 'src/a/other.ts'],
      'src/b/deep/two.ts': ['src/a/other.ts'],
      'src/index.ts': ['src/a/one.ts'],
    })
    expect([...folderGraph(graph, 'src')].map(([folder, targets]) => [folder, [...targets.keys()]])).toEqual([
      ['a', ['b']],
      ['b', ['a']],
    ])
    expect(findFolder('src/index.ts', 'src')).toBeNull()
  })
})
