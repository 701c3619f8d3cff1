import { expect, it } from '@jest/globals'
import { operatingSystemById, operatingSystemOf, operatingSystems } from '../src/index.ts'
import type { Vocabulary } from '../src/index.ts'

const vocabularies: readonly Vocabulary[] = ['glance', 'libosinfo', 'hetzner', 'endoflife']

it.each<[Vocabulary, string, string]>([
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
])('operatingSystemOf finds the name of %s: %s is %s', (vocabulary, word, id) => {
  expect(operatingSystemOf(vocabulary, word)?.id).toBe(id)
})

it('Glance has the twenty names of its documentation', () => {
  const words = operatingSystems.flatMap((system) => system.glance.word ?? [])
  const documented =
    'arch centos debian fedora freebsd gentoo mandrake mandriva mes msdos netbsd netware openbsd opensolaris opensuse rocky rhel sled ubuntu windows'
  expect(words.toSorted()).toEqual(documented.split(' ').toSorted())
})

it('operatingSystemOf finds every system by each of its names', () => {
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

it('the data has the 43 deprecated spellings that Glance documents', () => {
  expect(deprecated).toHaveLength(43)
})

it.each(deprecated)('the deprecated Glance spelling %s is found as %s', (word, documented, id) => {
  const system = operatingSystemOf('glance', word)
  expect(system?.id).toBe(id)
  expect(system?.glance.word).toBe(documented)
  expect(documented).not.toBeNull()
})

it('deprecated spellings are found only for Glance', () => {
  expect(operatingSystemOf('hetzner', 'org.fedoraproject')).toBeUndefined()
  expect(operatingSystemOf('libosinfo', 'canonical')).toBeUndefined()
})

it('names are case-sensitive', () => {
  expect(operatingSystemById('openEuler')?.name).toBe('openEuler')
  expect(operatingSystemById('openeuler')).toBeUndefined()
  expect(operatingSystemOf('glance', 'CentOS')?.id).toBe('centos') // listed as deprecated
  expect(operatingSystemOf('glance', 'CENTOS')).toBeUndefined() // not listed
})

it('other names are unknown', () => {
  expect(operatingSystemOf('hetzner', 'unknown')).toBeUndefined()
  expect(operatingSystemOf('glance', 'almalinux')).toBeUndefined()
  expect(operatingSystemById('suse')).toBeUndefined()
})

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', ' ', '\u0000', 'ubuntu '])(
  'the hostile name %j is unknown',
  (word) => {
    expect(operatingSystemById(word)).toBeUndefined()
    for (const vocabulary of vocabularies) expect(operatingSystemOf(vocabulary, word)).toBeUndefined()
    expect(operatingSystemOf(word as Vocabulary, 'ubuntu')).toBeUndefined()
  },
)
