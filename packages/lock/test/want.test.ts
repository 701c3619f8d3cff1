import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { parseWant, printWant, type Want } from '../src/index.ts'

const parsed = (text: string): Want => {
  const want = parseWant(text)
  if (E.isLeft(want)) throw new Error(want.left)
  return want.right
}

describe('parseWant', () => {
  it.each<[string, Want]>([
    ['ubuntu', { by: 'os', distro: 'ubuntu', version: null, architecture: null, variant: null }],
    ['ubuntu@24.04', { by: 'os', distro: 'ubuntu', version: '24.04', architecture: null, variant: null }],
    ['ubuntu@24.04/arm64', { by: 'os', distro: 'ubuntu', version: '24.04', architecture: 'aarch64', variant: null }],
    ['alma/amd64', { by: 'os', distro: 'almalinux', version: null, architecture: 'x86_64', variant: null }],
    [
      'ubuntu@24.04/x86_64+Docker-CE',
      { by: 'os', distro: 'ubuntu', version: '24.04', architecture: 'x86_64', variant: 'docker-ce' },
    ],
    ['centos@stream9', { by: 'os', distro: 'centos', version: 'stream9', architecture: null, variant: null }],
    ['mylinux@1', { by: 'os', distro: 'mylinux', version: '1', architecture: null, variant: null }],
    ['name:Ubuntu 24.04*', { by: 'name', glob: 'Ubuntu 24.04*' }],
    ['label: role=db ', { by: 'label', selector: 'role=db' }],
    ['tag:golden', { by: 'tag', tag: 'golden' }],
    ['id:161547270', { by: 'id', id: '161547270' }],
    [`digest:sha256:${'AB'.repeat(32)}`, { by: 'digest', algorithm: 'sha256', value: 'ab'.repeat(32) }],
  ])('reads %s', (text, want) => expect(parsed(text)).toEqual(want))

  it.each([
    ['', /expected distro/],
    ['ubuntu@', /invalid requirement/],
    ['ubuntu 24.04', /invalid requirement/],
    ['ubuntu@latest', /unknown version "latest"/],
    ['ubuntu/x86', /x86 is i686 at one provider and x86_64 at another/],
    ['ubuntu@24.04/arm64/x', /invalid requirement/],
    ['image:web', /unknown prefix "image:"/],
    ['name:', /nothing follows "name:"/],
    ['label:=a', /label:=a: expected a key/],
    ['digest:sha256:xyz', /expected digest:ALGORITHM:HEX/],
    ['digest:sha256:abcd', /expected digest:ALGORITHM:HEX/],
    ['a'.repeat(1001), /longer than 1000/],
  ])('refuses %j', (text, reason) => {
    const want = parseWant(text)
    expect(E.isLeft(want) ? want.left : null).toMatch(reason)
  })
})

describe('printWant', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
  const orNull = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })
  // Words of the crosswalk and of architectures are printed as their canonical name.
  const texts = fc.oneof(
    fc
      .tuple(word, orNull(fc.stringMatching(/^\d{1,2}(\.\d{1,2}){0,2}$/)), orNull(word), orNull(word))
      .map(
        ([distro, version, architecture, variant]) =>
          `${distro}${version === null ? '' : `@${version}`}${architecture === null ? '' : `/${architecture}`}${variant === null ? '' : `+${variant}`}`,
      ),
    fc.constantFrom('ubuntu@24.04/arm64', 'alma@9/amd64', 'opensuse-leap@15.6', 'rhel', 'windows@2022'),
    fc.string({ minLength: 1 }).map((glob) => `name:${glob}`),
    fc.string({ minLength: 1 }).map((tag) => `tag:${tag}`),
    fc.string({ minLength: 1 }).map((id) => `id:${id}`),
    fc.tuple(word, word).map(([key, value]) => `label: ${key} = ${value}`),
    fc.stringMatching(/^[0-9a-fA-F]{64}$/).map((hex) => `digest:sha256:${hex}`),
  )

  it('prints what parseWant reads as the same want', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const want = parseWant(text)
        if (E.isRight(want)) expect(parseWant(printWant(want.right))).toEqual(want)
      }),
      { numRuns: 1000 },
    )
  })

  it('prints one text for all spellings of a want', () => {
    expect(printWant(parsed('alma@9/arm64'))).toBe('almalinux@9/aarch64')
    expect(printWant(parsed('almalinux@9/aarch64'))).toBe('almalinux@9/aarch64')
  })
})
