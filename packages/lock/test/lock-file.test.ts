import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { cloudKey, createLock, isCanonical, parseLock, printLock, type Lock } from '../src/index.ts'
import { createPin, pins } from './pins.ts'

const parsed = (text: string): Lock => {
  const lock = parseLock(text)
  if (E.isLeft(lock)) throw new Error(lock.left.problem)
  return lock.right
}

describe('printLock', () => {
  it('prints one line for each image and cloud, without variable data', () => {
    const lock = createLock([
      createPin({ image: 'web', id: '161547270', name: 'ubuntu-24.04' }),
      createPin({ image: 'db', id: '350000004', name: 'a\u202eb\u0000\u2028', where: 'kind=snapshot' }),
    ])
    expect(printLock(lock)).toMatchInlineSnapshot(`
      "{
        "db hetzner/production":
          {"image":"db","on":"production","want":"ubuntu@24.04/x86_64","where":"kind=snapshot","provider":"hetzner","cloud":"production","region":null,"id":"350000004","name":"a\\u202eb\\u0000\\u2028","kind":"system","owner":null,"os":{"distro":"ubuntu","version":"24.04"},"architecture":"x86_64","createdAt":"2024-04-25T13:26:27Z","unavailableAfter":null,"digest":null,"identity":"sha256:fd1234425d6d008993f364a3e11ad22aa255321b08c345fd343b663c4099040b","pin":"id-only"},

        "web hetzner/production":
          {"image":"web","on":"production","want":"ubuntu@24.04/x86_64","where":"","provider":"hetzner","cloud":"production","region":null,"id":"161547270","name":"ubuntu-24.04","kind":"system","owner":null,"os":{"distro":"ubuntu","version":"24.04"},"architecture":"x86_64","createdAt":"2024-04-25T13:26:27Z","unavailableAfter":null,"digest":null,"identity":"sha256:69b86a82dd5e63d77c24ce8e74da340319f8e8e6366f3ad864b6a56b25d25021","pin":"id-only"},

        "$schema": "urn:imago:schema:lock:1"
      }
      "
    `)
  })

  it('escapes a fixed list of characters, independent of the Unicode version', () => {
    // U+0378 and U+2FE0 are unassigned in all versions so far.
    const text = printLock(createLock([createPin({ name: 'Ünïcödé イメージ \u0378\u2fe0 \u202e\u00ad\ud800' })]))
    expect(text).toContain(String.raw`"name":"Ünïcödé イメージ ${'\u0378\u2fe0'} \u202e\u00ad\ud800"`)
  })

  it('prints an empty lock', () =>
    expect(printLock(createLock([]))).toBe('{\n  "$schema": "urn:imago:schema:lock:1"\n}\n'))

  it('prints the same bytes for any order of the pins', () => {
    fc.assert(
      fc.property(
        pins.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }))),
        ([all, shuffled]) => expect(printLock(createLock(shuffled))).toBe(printLock(createLock(all))),
      ),
    )
  })
})

describe('parseLock', () => {
  it('reads the output of printLock, with either form of line ends', () => {
    fc.assert(
      fc.property(pins, (all) => {
        const lock = createLock(all)
        const text = printLock(lock)
        expect(parsed(text)).toEqual(lock)
        expect(printLock(parsed(text))).toBe(text)
        const ofWindows = text.replaceAll('\n', '\r\n')
        expect(parsed(ofWindows)).toEqual(lock)
        expect(isCanonical(ofWindows, lock)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('never returns pins that the text does not contain', () => {
    const text = printLock(createLock([createPin({ image: 'db', id: '1' }), createPin({ image: 'web', id: '2' })]))
    const position = fc.integer({ min: 0, max: text.length })
    const piece = fc.oneof(
      fc.constantFrom('"', '\\', '{', '}', ',', '\n', '1', 'null', '<<<<<<< '),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(position, fc.integer({ min: 0, max: 20 }), piece, (at, cut, put) => {
        const changed = `${text.slice(0, at)}${put}${text.slice(at + cut)}`
        const lock = parseLock(changed)
        // The result must match the text despite other changes.
        if (E.isRight(lock))
          for (const pin of lock.right.pins)
            expect(JSON.parse(changed)).toHaveProperty([`${pin.image} ${cloudKey(pin)}`], pin)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps fields that a newer imago wrote', () => {
    const text = printLock(createLock([createPin({ id: '1' })])).replace(/\},\n\n/, ',"replacedBy":"7"},\n\n')
    expect(printLock(parsed(text))).toBe(text)
  })

  it('reads a lock formatted by another program, which is not canonical', () => {
    const lock = createLock([createPin({ id: '1' })])
    const text = JSON.stringify(JSON.parse(printLock(lock)), null, 4)
    expect(parsed(text)).toEqual(lock)
    expect(isCanonical(text, lock)).toBe(false)
  })

  const TEXT = printLock(createLock([createPin({ image: 'db', id: '1' }), createPin({ image: 'web', id: '2' })]))
  it.each<[string, string, unknown, RegExp]>([
    ['a merge conflict', TEXT.replace('    {', '<<<<<<< HEAD\n    {'), 3, /merge conflict/],
    ['no JSON', TEXT.slice(0, -4), expect.anything(), /invalid JSON/],
    ['another document', '{"$schema":"urn:imago:schema:images:1"}', null, /not a lock file/],
    ['a newer lock', TEXT.replace('lock:1', 'lock:2'), 8, /another version of imago/],
    ['an ID that was edited', TEXT.replace('"id":"2"', '"id":"3"'), 5, /web .*identity/],
    ['an architecture that was edited', TEXT.replaceAll('"x86_64"', '"aarch64"'), 2, /db .*identity/],
    ['a key of another pin', TEXT.replace('"db hetzner', '"dc hetzner'), 2, /its fields are those of db /],
    ['a pin without an ID', TEXT.replace('"id":"2",', ''), 5, /\/id: expected string, got nothing/],
    ['a pin that stands twice', TEXT.replace(/ {2}"db[^]*?\n\n/, (pin) => pin + pin), 5, /pinned twice/],
    [
      'a pin that stands twice, formatted by another program',
      TEXT.replace(/ {2}"db[^]*?\n\n/, (pin) => pin + pin.replace(':', ' :')),
      5,
      /pinned twice/,
    ],
    ['a list', '[]', null, /not a lock file/],
  ])('refuses %s', (_, text, line, problem) => {
    const lock = parseLock(text)
    expect(E.isLeft(lock) ? lock.left : null).toEqual({
      line,
      problem: expect.stringMatching(problem),
      isOtherVersion: text.includes('lock:2'),
    })
  })
})
