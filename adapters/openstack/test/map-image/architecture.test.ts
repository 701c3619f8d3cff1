import { describe, expect, it } from '@jest/globals'
import { toArchitecture } from '../../src/map-image/architecture.ts'

describe('mapping of Glance images: architecture', () => {
  it.each([
    ['x86_64', 'x86_64'],
    ['amd64', 'x86_64'],
    ['AMD64', 'x86_64'],
    ['arm64', 'aarch64'],
    ['aarch64', 'aarch64'],
    ['i386', 'i686'],
    ['ppc64le', 'ppc64le'],
    ['s390x', 's390x'],
    // Nova's value, not Hetzner's: `arm` is not aarch64 here.
    ['arm', 'arm'],
    ['x86', 'x86'],
    ['quantum', 'quantum'],
    ['__proto__', '__proto__'],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toArchitecture(%p) returns %p', (given, expected) => expect(toArchitecture(given)).toBe(expected))
})
