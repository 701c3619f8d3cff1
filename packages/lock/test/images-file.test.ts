import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import {
  createRequirement,
  printWhere,
  readWantedImages,
  type WantedImages,
  type ImagesFileIssue,
} from '../src/index.ts'

const read = (document: unknown): WantedImages => {
  const wanted = readWantedImages(document)
  if (E.isLeft(wanted)) throw new Error(JSON.stringify(wanted.left))
  return wanted.right
}
const listIssues = (document: unknown): readonly ImagesFileIssue[] => {
  const wanted = readWantedImages(document)
  return E.isLeft(wanted) ? wanted.left : []
}
const WEB = { want: 'ubuntu@24.04/arm64', on: ['production'] }

describe('readWantedImages', () => {
  it('reads every key', () => {
    const { images, deny } = read({
      trust: ['self', 'owner:3570f75c'],
      images: {
        web: { ...WEB, on: ['production', 'demo', 'production'], livesAtLeast: '90d', ageAtLeast: '1w' },
        db: {
          want: 'label:role=db',
          on: 'production',
          arch: 'amd64',
          kind: ['snapshot'],
          trust: 'self',
          evidence: 'declared',
          pick: 'newest',
        },
      },
      deny: ['hetzner/production:id:161547270'],
    })
    expect(deny).toEqual(['hetzner/production:id:161547270'])
    expect(images).toEqual([
      {
        name: 'db',
        on: ['production'],
        requirement: {
          want: { by: 'label', selector: 'role=db' },
          architecture: 'x86_64',
          kinds: ['snapshot'],
          trust: ['self'],
          evidence: 'declared',
          livesAtLeast: null,
          ageAtLeast: null,
          pick: 'newest',
        },
      },
      {
        name: 'web',
        on: ['production', 'demo'],
        requirement: {
          want: { by: 'os', distro: 'ubuntu', version: '24.04', architecture: 'aarch64', variant: null },
          architecture: null,
          kinds: ['system', 'image'],
          trust: ['self', 'owner:3570f75c'],
          evidence: 'inferred',
          livesAtLeast: '90d',
          ageAtLeast: '1w',
          pick: 'newest',
        },
      },
    ])
  })

  it.each<[unknown, ImagesFileIssue]>([
    [null, { pointer: '/images', problem: 'is missing' }],
    [{ images: [] }, { pointer: '/images', problem: 'expected a mapping' }],
    [{ images: { web: 'ubuntu' } }, { pointer: '/images/web', problem: 'expected a mapping' }],
    [{ images: { web: { on: ['a'] } } }, { pointer: '/images/web/want', problem: 'is missing' }],
    [{ images: { web: { want: 'ubuntu' } } }, { pointer: '/images/web/on', problem: 'is missing' }],
    [
      { images: { web: { ...WEB, want: 'ubuntu@latest' } } },
      { pointer: '/images/web/want', problem: 'unknown version "latest": expected a version, such as ubuntu@24.04' },
    ],
    [
      { images: { web: { ...WEB, on: [] } } },
      { pointer: '/images/web/on', problem: 'expected a list of clouds, each as [provider/]cloud[@region]' },
    ],
    [
      { images: { web: { ...WEB, kind: ['system', 'apps'] } } },
      {
        pointer: '/images/web/kind/1',
        problem: 'unknown value "apps" (one of: system, app, snapshot, backup, image)',
      },
    ],
    [
      { images: { web: { ...WEB, livesAtLeast: '90 days' } } },
      {
        pointer: '/images/web/livesAtLeast',
        problem: 'invalid value "90 days": expected 90m, 12h, 30d, 8w, 6mo or 1y',
      },
    ],
    [
      { images: { web: { ...WEB, trust: 'anybody' } } },
      {
        pointer: '/images/web/trust',
        problem: 'invalid value "anybody": expected provider, self or owner:PROJECT-ID',
      },
    ],
    [
      { images: { web: { ...WEB, arch: 'arm64' } } },
      {
        pointer: '/images/web/arch',
        problem: 'remove it, and write the architecture after the operating system: distro[@version]/aarch64',
      },
    ],
    [
      { images: { 'my web': WEB } },
      {
        pointer: '/images/my web',
        problem: 'cannot use "my web" as a name: expected a letter, followed by at most 62 letters, digits, - and _',
      },
    ],
    [
      { images: { web: { ...WEB, liveAtLeast: '90d' } } },
      {
        pointer: '/images/web/liveAtLeast',
        problem:
          'unknown key "liveAtLeast" (one of: want, on, arch, kind, trust, evidence, livesAtLeast, ageAtLeast, pick)',
      },
    ],
    [
      { images: {}, allow: [] },
      { pointer: '/allow', problem: 'unknown key "allow" (one of: images, trust, deny)' },
    ],
    [
      { images: {}, deny: ['161547270'] },
      { pointer: '/deny/0', problem: 'invalid value "161547270": expected [provider/]cloud[@region]:id:ID' },
    ],
  ])('refuses %j', (document, issue) => expect(listIssues(document)).toEqual([issue]))

  it('never throws for any document', () => {
    const key = fc.constantFrom(
      'images',
      'trust',
      'deny',
      'web',
      'want',
      'on',
      'kind',
      'pick',
      '__proto__',
      'constructor',
    )
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, 7, true, '', 'ubuntu@24.04', 'production', 'self', 'newest', [], ['production']),
      fc.string(),
    )
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, value, fc.dictionary(key, tie('tree')), fc.array(tie('tree'), { maxLength: 3 })),
    }))
    fc.assert(
      fc.property(tree, (document) => {
        const wanted = readWantedImages(document)
        if (E.isLeft(wanted)) expect(wanted.left.length).toBeGreaterThan(0)
      }),
      { numRuns: 1000 },
    )
  })

  it('reports every mistake', () => {
    const document = { images: { a: { ...WEB, pick: 'first' }, b: { on: 'x', want: 'nothing:x', of: 1 } } }
    expect(listIssues(document).map(({ pointer }) => pointer)).toEqual([
      '/images/a/pick',
      '/images/b/want',
      '/images/b/of',
    ])
  })
})

describe('printWhere', () => {
  const want = { by: 'tag', tag: 'golden' } as const

  it('is empty for a requirement without options', () => expect(printWhere(createRequirement(want))).toBe(''))

  it('does not depend on the order of options or explicit defaults', () => {
    const text = printWhere(
      createRequirement(want, { trust: ['self', 'owner:x'], pick: 'only', kinds: ['snapshot', 'image'] }),
    )
    expect(text).toBe('kind=image,snapshot trust=owner:x,self')
    expect(printWhere(createRequirement(want, { kinds: ['image', 'snapshot'], trust: ['owner:x', 'self'] }))).toBe(text)
  })
})
