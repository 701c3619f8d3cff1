import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crosswalk } from '../src/index.ts'

const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readJson = (path: string): unknown => JSON.parse(readFileSync(inPackage(path), 'utf8'))

const data = readJson('data/crosswalk.json') as typeof crosswalk & { readonly $schema: string }
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  readJson('data/crosswalk.schema.json') as object,
)

const repeated = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => words.indexOf(word) !== index)

describe('data of the crosswalk', () => {
  it('the data conforms to its schema', () => {
    expect(validate(data)).toBe(true)
    expect(validate.errors).toBeNull()
  })

  it.each([
    ['an unknown key', { ...data, extra: 1 }],
    ['an unknown key in an entry', { ...data, architectures: [{ ...data.architectures[0], extra: 1 }] }],
    ['an id with a space', { ...data, operatingSystems: [{ ...data.operatingSystems[0], id: 'arch linux' }] }],
    ['an entry without a source', { ...data, operatingSystems: [{ ...data.operatingSystems[0], sources: [] }] }],
    [
      'a provider without its list',
      { ...data, architectures: [{ ...data.architectures[0], names: { glance: ['x86_64'] } }] },
    ],
    ['another major version', { ...data, version: '2.0.0' }],
  ])('the schema refuses %s', (_, value) => {
    expect(validate(value)).toBe(false)
  })

  it('src/data.ts is up to date', () => {
    const check = spawnSync(process.execPath, [inPackage('generate.mjs'), '--check'], { encoding: 'utf8' })
    expect({ status: check.status, stderr: check.stderr }).toEqual({ status: 0, stderr: '' })
    const { $schema: _, ...rest } = data
    expect(crosswalk).toEqual(rest)
  })

  it('every cited source exists, and every source is cited', () => {
    const cited = new Set([...data.operatingSystems, ...data.architectures].flatMap((entry) => entry.sources))
    expect([...cited].toSorted()).toEqual(Object.keys(data.sources).toSorted())
  })

  it('every entry cites the vocabularies of its names', () => {
    const missing = [
      ...data.operatingSystems.flatMap((system) =>
        [
          [system.osRelease, 'os-release'],
          [system.glance.word !== null || system.glance.deprecated.length > 0, 'glance-useful-properties'],
          [system.libosinfo !== null, 'osinfo-db'],
          [system.hetzner !== null, 'hetzner-api'],
          [system.endoflife.length > 0, 'endoflife'],
        ].flatMap(([needed, source]) =>
          needed && !system.sources.includes(String(source)) ? [`${system.id}: ${source}`] : [],
        ),
      ),
      ...data.architectures.flatMap((architecture) =>
        (
          [
            ['hetzner', 'hetzner-api'],
            ['debian', 'dpkg-cputable'],
            ['incus', 'incus-osarch'],
            ['aws', 'aws-ec2'],
            ['gcp', 'gcp-compute'],
          ] as const
        ).flatMap(([provider, source]) =>
          architecture.names[provider].length > 0 && !architecture.sources.includes(source)
            ? [`${architecture.id}: ${source}`]
            : [],
        ),
      ),
    ]
    expect(missing).toEqual([])
  })

  it('IDs are unique, and entries are in order', () => {
    for (const entries of [data.operatingSystems, data.architectures]) {
      const ids = entries.map((entry) => entry.id)
      expect(repeated(ids)).toEqual([])
      const folded = ids.map((id) => id.toLowerCase())
      expect(folded).toEqual(folded.toSorted())
    }
  })

  it('names are unique within a vocabulary', () => {
    const systems = data.operatingSystems
    const words = {
      glance: systems.flatMap((system) => [
        ...(system.glance.word === null ? [] : [system.glance.word]),
        ...system.glance.deprecated,
      ]),
      libosinfo: systems.flatMap((system) => system.libosinfo ?? []),
      hetzner: systems.flatMap((system) => system.hetzner ?? []),
      endoflife: systems.flatMap((system) => system.endoflife),
    }
    for (const [vocabulary, list] of Object.entries(words))
      expect({ vocabulary, repeated: repeated(list) }).toEqual({ vocabulary, repeated: [] })

    for (const provider of ['glance', 'hetzner', 'debian', 'incus', 'aws', 'gcp'] as const) {
      const list = data.architectures.flatMap((architecture) => architecture.names[provider])
      expect({ provider, repeated: repeated(list) }).toEqual({ provider, repeated: [] })
    }
  })

  it('os-release IDs are valid', () => {
    for (const { id, osRelease, like } of data.operatingSystems) {
      if (osRelease) expect(id).toMatch(/^[a-zA-Z0-9._-]+$/)
      expect(like).not.toContain(id)
    }
  })

  it('architecture names of Glance are in lower case, as the lookup requires', () => {
    const words = data.architectures.flatMap((architecture) => architecture.names.glance)
    expect(words.filter((word) => word !== word.toLowerCase())).toEqual([])
  })
})
