import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { toGuard, Notes, openEnum } from '../src/index.ts'

const Status = openEnum('Status', ['active', 'queued'])

describe('openEnum', () => {
  it('accepts every string and nothing else', () => {
    fc.assert(fc.property(fc.string(), (word) => expect(Status.decode(word)).toEqual(E.right(word))))
    expect([null, 1, true, [], {}, ['active']].filter((u) => Status.is(u) || E.isRight(Status.decode(u)))).toEqual([])
  })

  it('leads to a note for a word that is not documented', () => {
    const notes = new Notes()
    const guard = toGuard(Status)
    expect(['active', 'constructor', '__proto__', 'Active', ''].map((word) => guard(word, notes))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(notes.list.map((note) => (note.kind === 'unknown-word' ? note.word : note.kind))).toEqual([
      'constructor',
      '__proto__',
      'Active',
      '',
    ])
  })
})
