import { expect, test } from '@jest/globals'
import { operatingSystemById, operatingSystemOf, operatingSystems } from '../src/index.ts'
import type { Vocabulary } from '../src/index.ts'

const vocabularies: readonly Vocabulary[] = ['glance', 'libosinfo', 'hetzner', 'endoflife']

test.each<[Vocabulary, string, string]>([
  ['hetzner', 'alma', 'almalinux'],
  ['hetzner', 'opensuse', 'opensuse'],
  ['glance', 'arch', 'arch'],
  ['glance', 'sled', 'sled'],
  ['libosinfo', 'archlinux', 'arch'],
  ['libosinfo', 'alpinelinux', 'alpine'],
  ['libosinfo', 'win', 'windows'],
  ['libosinfo', 'alt', 'altlinux'],
  ['libosinfo', 'Manjaro', 'manjaro'],
  ['endoflife', 'rocky-linux', 'rocky'],
  ['endoflife', 'centos-stream', 'centos'],
  ['endoflife', 'windows-server', 'windows'],
])('%s says %s for %s', (vocabulary, word, id) => {
  expect(operatingSystemOf(vocabulary, word)?.id).toBe(id)
})

test('Glance has the twenty words of its documentation', () => {
  const words = operatingSystems.flatMap((system) => system.glance.word ?? [])
  const documented =
    'arch centos debian fedora freebsd gentoo mandrake mandriva mes msdos netbsd netware openbsd opensolaris opensuse rocky rhel sled ubuntu windows'
  expect(words.toSorted()).toEqual(documented.split(' ').toSorted())
})

test('every word leads back to the system that has it', () => {
  for (const system of operatingSystems) {
    expect(operatingSystemById(system.id)).toBe(system)
    if (system.glance.word !== null) expect(operatingSystemOf('glance', system.glance.word)).toBe(system)
    if (system.libosinfo !== null) expect(operatingSystemOf('libosinfo', system.libosinfo)).toBe(system)
    if (system.hetzner !== null) expect(operatingSystemOf('hetzner', system.hetzner)).toBe(system)
    for (const product of system.endoflife) expect(operatingSystemOf('endoflife', product)).toBe(system)
  }
})

const deprecated = operatingSystems.flatMap((system) =>
  system.glance.deprecated.map((word) => [word, system.glance.word, system.id] as const),
)

test('Glance documents forty-three deprecated spellings', () => {
  expect(deprecated).toHaveLength(43)
})

test.each(deprecated)('the deprecated Glance spelling %s is repaired to %s', (word, documented, id) => {
  const system = operatingSystemOf('glance', word)
  expect(system?.id).toBe(id)
  expect(system?.glance.word).toBe(documented)
  expect(documented).not.toBeNull()
})

test('a deprecated spelling is one of Glance alone', () => {
  expect(operatingSystemOf('hetzner', 'org.fedoraproject')).toBeUndefined()
  expect(operatingSystemOf('libosinfo', 'canonical')).toBeUndefined()
})

test('case counts', () => {
  expect(operatingSystemById('openEuler')?.name).toBe('openEuler')
  expect(operatingSystemById('openeuler')).toBeUndefined()
  expect(operatingSystemOf('glance', 'CentOS')?.id).toBe('centos') // listed as deprecated
  expect(operatingSystemOf('glance', 'CENTOS')).toBeUndefined() // not listed
})

test('a word of no system is unknown', () => {
  expect(operatingSystemOf('hetzner', 'unknown')).toBeUndefined()
  expect(operatingSystemOf('glance', 'almalinux')).toBeUndefined()
  expect(operatingSystemById('suse')).toBeUndefined()
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', ' ', '\u0000', 'ubuntu '])(
  'the hostile word %j is only unknown',
  (word) => {
    expect(operatingSystemById(word)).toBeUndefined()
    for (const vocabulary of vocabularies) expect(operatingSystemOf(vocabulary, word)).toBeUndefined()
    expect(operatingSystemOf(word as Vocabulary, 'ubuntu')).toBeUndefined()
  },
)
