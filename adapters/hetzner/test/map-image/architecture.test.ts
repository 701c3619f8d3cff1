import { describe, expect, it } from '@jest/globals'
import { architectureByAge, toArchitecture } from '../../src/map-image/architecture.ts'
import { readField } from './reading.ts'

describe('mapping of Hetzner images: architecture', () => {
  it.each([
    ['x86', 'x86_64'],
    ['arm', 'aarch64'],
    ['riscv', 'riscv'],
    ['__proto__', '__proto__'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toArchitecture maps %p to %p', (word, expected) => expect(toArchitecture(word)).toBe(expected))

  describe('architectureByAge', () => {
    it.each([
      ['2019-07-08T05:35:31+00:00', 'x86_64'],
      ['2022-12-31T23:59:59Z', 'x86_64'],
      ['2022-12-31T23:59:59.999999Z', 'x86_64'],
      // In UTC, this is still 2022.
      ['2023-01-01T01:00:00+02:00', 'x86_64'],
      ['2022-12-31T23:00:00-02:00', undefined],
      ['2023-01-01T00:00:00Z', undefined],
      // debian-11 for Arm, created three weeks before Hetzner launched Arm servers.
      ['2023-03-20T10:00:03Z', undefined],
      ['no date', undefined],
      [null, undefined],
      [undefined, undefined],
    ])('returns the architecture of an image created at %p: %p', (created, expected) =>
      expect(architectureByAge(created)).toBe(expected),
    )

    it('is used only for records without an architecture', () => {
      expect(readField({ created: '2019-07-08T05:35:31Z' }, 'architecture')).toEqual(['x86_64', 'inferred'])
      expect(readField({ created: '2019-07-08T05:35:31Z', architecture: 'arm' }, 'architecture')).toEqual([
        'aarch64',
        'declared',
      ])
      expect(readField({ created: '2024-04-25T13:26:27Z' }, 'architecture')).toEqual([null, 'unknown'])
      expect(readField({}, 'architecture')).toEqual([null, 'unknown'])
    })
  })
})
