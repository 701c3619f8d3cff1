import { describe, expect, it } from '@jest/globals'
import { findOperatingSystemById, findOperatingSystemByName, operatingSystems } from '../src/index.ts'
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
])('findOperatingSystemByName finds the name of %s: %s is %s', (vocabulary, word, id) => {
  expect(findOperatingSystemByName(vocabulary, word)?.id).toBe(id)
})

describe('operating systems', () => {
  it('Glance has the twenty names of its documentation', () => {
    const words = operatingSystems.flatMap((system) => system.glance.word ?? [])
    const documented =
      'arch centos debian fedora freebsd gentoo mandrake mandriva mes msdos netbsd netware openbsd opensolaris opensuse rocky rhel sled ubuntu windows'
    expect(words.toSorted()).toEqual(documented.split(' ').toSorted())
  })

  it('findOperatingSystemByName finds every system by each of its names', () => {
    for (const system of operatingSystems) {
      expect(findOperatingSystemById(system.id)).toBe(system)
      if (system.glance.word !== null) expect(findOperatingSystemByName('glance', system.glance.word)).toBe(system)
      if (system.libosinfo !== null) expect(findOperatingSystemByName('libosinfo', system.libosinfo)).toBe(system)
      if (system.hetzner !== null) expect(findOperatingSystemByName('hetzner', system.hetzner)).toBe(system)
      for (const product of system.endoflife) expect(findOperatingSystemByName('endoflife', product)).toBe(system)
    }
  })

  const deprecated = operatingSystems.flatMap((system) =>
    system.glance.deprecated.map((word) => [word, system.glance.word, system.id] as const),
  )

  it('the data has the 43 deprecated spellings that Glance documents', () => {
    expect(deprecated).toHaveLength(43)
  })

  it.each(deprecated)('the deprecated Glance spelling %s is found as %s', (word, documented, id) => {
    const system = findOperatingSystemByName('glance', word)
    expect(system?.id).toBe(id)
    expect(system?.glance.word).toBe(documented)
    expect(documented).not.toBeNull()
  })

  it('deprecated spellings are found only for Glance', () => {
    expect(findOperatingSystemByName('hetzner', 'org.fedoraproject')).toBeUndefined()
    expect(findOperatingSystemByName('libosinfo', 'canonical')).toBeUndefined()
  })

  it('names are case-sensitive', () => {
    expect(findOperatingSystemById('openEuler')?.name).toBe('openEuler')
    expect(findOperatingSystemById('openeuler')).toBeUndefined()
    expect(findOperatingSystemByName('glance', 'CentOS')?.id).toBe('centos') // listed as deprecated
    expect(findOperatingSystemByName('glance', 'CENTOS')).toBeUndefined() // not listed
  })

  it('other names are unknown', () => {
    expect(findOperatingSystemByName('hetzner', 'unknown')).toBeUndefined()
    expect(findOperatingSystemByName('glance', 'almalinux')).toBeUndefined()
    expect(findOperatingSystemById('suse')).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', ' ', '\u0000', 'ubuntu '])(
    'the hostile name %j is unknown',
    (word) => {
      expect(findOperatingSystemById(word)).toBeUndefined()
      for (const vocabulary of vocabularies) expect(findOperatingSystemByName(vocabulary, word)).toBeUndefined()
      expect(findOperatingSystemByName(word as Vocabulary, 'ubuntu')).toBeUndefined()
    },
  )
})
