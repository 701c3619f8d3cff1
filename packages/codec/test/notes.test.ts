import { describe, expect, it } from '@jest/globals'
import { Notes } from '../src/index.ts'

describe('Notes', () => {
  it('holds pointers and types, but no values', () => {
    const notes = new Notes()
    notes.enter('images')
    notes.enter(3)
    notes.unknownKey('a/b~c', { token: 'secret' })
    notes.enter('status')
    notes.unknownWord('melting')
    notes.leave()
    notes.enter('size')
    notes.wrongType('integer', ['secret'])
    expect(notes.list).toEqual([
      { kind: 'unknown-key', pointer: '/images/3/a~1b~0c', got: 'object' },
      { kind: 'unknown-word', pointer: '/images/3/status', word: 'melting' },
      { kind: 'wrong-type', pointer: '/images/3/size', expected: 'integer', got: 'array' },
    ])
  })

  it('discards notes and path after the point to which it is rewound', () => {
    const notes = new Notes()
    notes.enter('a')
    notes.unknownWord('kept')
    const [count, depth] = [notes.list.length, notes.depth]
    notes.enter('b')
    notes.enter('c')
    notes.unknownWord('dropped')
    notes.rewind(count, depth)
    expect(notes.pointer()).toBe('/a')
    expect(notes.list).toEqual([{ kind: 'unknown-word', pointer: '/a', word: 'kept' }])
  })

  it('names null and arrays', () => {
    const notes = new Notes()
    for (const u of [null, [], {}, 'a', 1, true]) notes.wrongType('x', u)
    expect(notes.list.map((note) => (note.kind === 'wrong-type' ? note.got : ''))).toEqual([
      'null',
      'array',
      'object',
      'string',
      'number',
      'boolean',
    ])
  })
})
