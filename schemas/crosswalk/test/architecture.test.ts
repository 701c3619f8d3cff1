import { describe, expect, it } from '@jest/globals'
import { findArchitectureById, findArchitectureByName, architectures } from '../src/index.ts'
import type { ArchitectureProvider } from '../src/index.ts'

const providers: readonly ArchitectureProvider[] = ['glance', 'hetzner', 'debian', 'incus', 'aws', 'gcp']

describe('architectures', () => {
  it('findArchitectureByName returns the meaning of a name at its provider', () => {
    expect(findArchitectureByName('hetzner', 'x86')?.id).toBe('x86_64')
    expect(findArchitectureByName('incus', 'x86')?.id).toBe('i686')
    expect(findArchitectureByName('glance', 'x86')).toBeUndefined()
    expect(findArchitectureByName('hetzner', 'arm')?.id).toBe('aarch64')
    expect(findArchitectureByName('incus', 'arm')?.id).toBe('armv6l')
    expect(findArchitectureByName('glance', 'arm')).toBeUndefined()
    expect(findArchitectureByName('gcp', 'x86_64')).toBeUndefined()
  })

  it.each<[ArchitectureProvider, string, string]>([
    ['glance', 'x86_64', 'x86_64'],
    ['glance', 'amd64', 'x86_64'],
    ['glance', 'arm64', 'aarch64'],
    ['glance', 'i386', 'i686'],
    ['glance', 'risc-v', 'riscv64'],
    ['glance', 'riscv64', 'riscv64'],
    ['glance', 'loongarch64', 'loongarch64'],
    ['debian', 'ppc64el', 'ppc64le'],
    ['debian', 'hppa', 'parisc'],
    ['debian', 'armhf', 'armv7l'],
    ['incus', 'armel', 'armv6l'],
    ['aws', 'arm64_mac', 'aarch64'],
    ['gcp', 'ARM64', 'aarch64'],
  ])('findArchitectureByName finds the name at %s: %s is %s', (provider, word, id) => {
    expect(findArchitectureByName(provider, word)?.id).toBe(id)
  })

  it("the names of Glance's documented list are canonical names", () => {
    const documented =
      'aarch64 alpha armv7l cris i686 ia64 lm32 m68k microblaze microblazeel mips mipsel mips64 mips64el openrisc parisc parisc64 ppc ppc64 ppcemb ' +
      's390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb'
    for (const word of documented.split(' ')) {
      expect(findArchitectureByName('glance', word)?.id).toBe(word)
      expect(findArchitectureById(word)?.names.glance[0]).toBe(word)
    }
  })

  it('findArchitectureByName finds every architecture by each of its names', () => {
    for (const architecture of architectures) {
      expect(findArchitectureById(architecture.id)).toBe(architecture)
      for (const provider of providers)
        for (const word of architecture.names[provider])
          expect(findArchitectureByName(provider, word)).toBe(architecture)
    }
  })

  it('names are case-sensitive, except for Glance', () => {
    expect(findArchitectureByName('glance', 'AMD64')?.id).toBe('x86_64')
    expect(findArchitectureByName('glance', 'ARM64')?.id).toBe('aarch64')
    expect(findArchitectureByName('hetzner', 'X86')).toBeUndefined()
    expect(findArchitectureByName('aws', 'ARM64')).toBeUndefined()
    expect(findArchitectureById('X86_64')).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', ' ', '\u0000', 'x86_64 '])(
    'the hostile name %j is unknown',
    (word) => {
      expect(findArchitectureById(word)).toBeUndefined()
      for (const provider of providers) expect(findArchitectureByName(provider, word)).toBeUndefined()
      expect(findArchitectureByName(word as ArchitectureProvider, 'x86_64')).toBeUndefined()
    },
  )
})
