import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLock, pinKey, printLock, type Lock, type Pin } from '../src/index.ts'
import { createPin } from './pins.ts'

const folder = mkdtempSync(join(tmpdir(), 'imago-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const git = (...args: readonly string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'core.autocrlf=false', ...args],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
const path = (name: string): string => join(folder, name)
const FILE = 'images.lock.json'

/** The result of git's three-way merge of two changes of `base`; `null`: a conflict. */
const merged = (base: Lock, ours: Lock, theirs: Lock): string | null => {
  for (const [name, lock] of Object.entries({ base, ours, theirs })) writeFileSync(path(name), printLock(lock))
  const { status, stdout } = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : null
}

const IMAGES = ['api', 'cache', 'db', 'job', 'web']
const CLOUDS = ['one', 'two']
const pin = (image: string, cloud: string, id: string): Pin => createPin({ image, cloud, on: cloud, id })
const all = IMAGES.flatMap((image) => CLOUDS.map((cloud) => pin(image, cloud, `${image}-1`)))

/** A change: updates, adds or removes a pin. */
interface Edit {
  readonly index: number
  readonly kind: 'update' | 'add' | 'remove'
}

const without = (pins: readonly Pin[], { index, kind }: Edit): readonly Pin[] =>
  kind === 'add' ? pins.filter((one) => one !== all[index]) : pins

const edited = (pins: readonly Pin[], { index, kind }: Edit): readonly Pin[] => {
  const target = all[index]
  if (target === undefined) return pins
  const others = pins.filter((one) => pinKey(one) !== pinKey(target))
  if (kind === 'remove') return others
  return [...others, kind === 'add' ? target : pin(target.image, target.cloud ?? '', `${target.id}-new`)]
}

describe('git merge of lock files', () => {
  const updates = all.flatMap((_, index) =>
    all.flatMap((__, other) => (other === index ? [] : [[index, other] as const])),
  )

  it('merges updates of any two pins, even adjacent ones', () => {
    fc.assert(
      fc.property(fc.constantFrom(...updates), ([index, other]) => {
        const [a, b]: readonly [Edit, Edit] = [
          { index, kind: 'update' },
          { index: other, kind: 'update' },
        ]
        expect(merged(createLock(all), createLock(edited(all, a)), createLock(edited(all, b)))).toBe(
          printLock(createLock(edited(edited(all, a), b))),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('merges an added or removed pin with an update of another', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...updates),
        fc.constantFrom<Edit['kind']>('add', 'remove'),
        ([index, other], kind) => {
          const [a, b]: readonly [Edit, Edit] = [
            { index, kind },
            { index: other, kind: 'update' },
          ]
          const base = without(all, a)
          expect(merged(createLock(base), createLock(edited(base, a)), createLock(edited(base, b)))).toBe(
            printLock(createLock(edited(edited(base, a), b))),
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it('merges branches', () => {
    const commit = (pins: readonly Pin[]): void => {
      writeFileSync(path(FILE), printLock(createLock(pins)))
      git('add', FILE)
      git('commit', '-q', '-m', 'x')
    }
    git('init', '-q')
    commit(all)
    git('branch', '-M', 'trunk')
    git('checkout', '-q', '-b', 'theirs')
    const [a, b]: readonly [Edit, Edit] = [
      { index: 2, kind: 'update' },
      { index: 3, kind: 'update' },
    ]
    commit(edited(all, a))
    git('checkout', '-q', 'trunk')
    commit(edited(all, b))
    git('merge', '-q', '-m', 'x', 'theirs')
    expect(readFileSync(path(FILE), 'utf8')).toBe(printLock(createLock(edited(edited(all, a), b))))
  })

  it('merges correctly or reports a conflict', () => {
    const kinds = fc.constantFrom<Edit['kind']>('add', 'remove', 'update')
    fc.assert(
      fc.property(fc.constantFrom(...updates), kinds, kinds, ([index, other], kind, otherKind) => {
        const [a, b]: readonly [Edit, Edit] = [
          { index, kind },
          { index: other, kind: otherKind },
        ]
        const base = without(without(all, a), b)
        const text = merged(createLock(base), createLock(edited(base, a)), createLock(edited(base, b)))
        if (text !== null) expect(text).toBe(printLock(createLock(edited(edited(base, a), b))))
      }),
      { numRuns: 200 },
    )
  })
})
