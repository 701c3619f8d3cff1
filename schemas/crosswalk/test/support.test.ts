import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findOperatingSystemById } from '../src/index.ts'
import { findReleases, supportData, type SupportData } from '../src/support.ts'

const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readJson = (path: string): unknown => JSON.parse(readFileSync(inPackage(path), 'utf8'))

const data = readJson('data/support.json') as SupportData & { readonly $schema: string }
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  readJson('data/support.schema.json') as object,
)

const versionsFor = (system: string, version: string): readonly string[] =>
  findReleases(system, version).map((release) => release.version)

describe('data/support.json', () => {
  it('conforms to its schema', () => {
    validate(data)
    expect(validate.errors).toBeNull()
  })

  it.each([
    ['an unknown key', { ...data, extra: 1 }],
    ['a date that is not a day', { ...data, releases: [{ ...data.releases[0], standardEnd: true }] }],
    ['a release without a source', { ...data, releases: [{ ...data.releases[0], sources: [] }] }],
  ])('does not conform with %s', (_, value) => {
    expect(validate(value)).toBe(false)
  })

  it('is the data of src/support-data.ts', () => {
    const check = spawnSync(process.execPath, [inPackage('generate.mjs'), '--check'], { encoding: 'utf8' })
    expect(check.stderr).toBe('')
    const { $schema: _, ...rest } = data
    expect(supportData).toEqual(rest)
  })

  it('names only operating systems of the crosswalk', () => {
    const unknown = data.releases.filter(({ system }) => findOperatingSystemById(system) === undefined)
    expect(unknown).toEqual([])
  })

  it('cites every source, and no other', () => {
    const cited = new Set(data.releases.flatMap(({ sources }) => sources))
    expect([...cited].toSorted()).toEqual(Object.keys(data.sources).toSorted())
  })

  it('lists each version of a system once', () => {
    const keys = data.releases.map(({ system, version }) => `${system} ${version}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('has no paid or long-term support that ends before the standard one', () => {
    const wrong = data.releases.filter(({ standardEnd, ltsEnd, paidEnd }) =>
      [ltsEnd, paidEnd].some((end) => standardEnd !== null && end !== null && end < standardEnd),
    )
    expect(wrong.map(({ system, version }) => `${system} ${version}`)).toEqual([])
  })
})

describe('findReleases', () => {
  it.each([
    ['an exact version', 'ubuntu', '24.04', ['24.04']],
    ['a point release', 'ubuntu', '24.04.2', ['24.04']],
    ['a minor version of a major release', 'rocky', '9.4', ['9']],
    ['a version that begins like another', 'rocky', '90', []],
    ['a version less exact than the releases', 'opensuse-leap', '42', ['42.1', '42.2', '42.3']],
    ['a version that is exact although others begin with it', 'amzn', '2', ['2']],
    ['a codename', 'debian', 'bookworm', ['12']],
    ['the first word of a codename', 'ubuntu', 'Noble', ['24.04']],
    ['a name with spaces', 'windows', '2012 R2', ['2012-r2']],
    ["Hetzner's spelling of CentOS Stream", 'centos', 'stream9', ['stream9']],
    ['CentOS 8, which is not CentOS Stream 8', 'centos', '8', ['8']],
    ['an unknown version', 'ubuntu', '99.04', []],
    ['an unknown system', 'templeos', '5', []],
    ['a word of the language', '__proto__', 'constructor', []],
    ['an empty version', 'ubuntu', ' ', []],
    ['an endless version', 'ubuntu', '2'.repeat(1_000_000), []],
  ])('finds the releases of %s', (_, system, version, expected) => {
    expect(versionsFor(system, version)).toEqual(expected)
  })

  it('keeps the three ends of support apart', () => {
    const [debian12] = findReleases('debian', '12')
    expect(debian12).toMatchObject({ standardEnd: '2026-07-11', ltsEnd: '2028-06-30', paidEnd: '2033-06-30' })
  })

  it('searches the data that it is given', () => {
    const given: SupportData = { date: '2030-01-01', sources: {}, releases: [] }
    expect(findReleases('ubuntu', '24.04', given)).toEqual([])
  })
})
