import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { schemaNames, schemas, type SchemaName } from '../src/index.ts'
import { findFaults, getValidator, validatorOfPart } from './validators.ts'

const inPackage = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const readJson = (path: string): unknown => JSON.parse(readFileSync(inPackage(path), 'utf8'))

describe('JSON Schemas', () => {
  it('src/data.ts is up to date', () => {
    const check = spawnSync(process.execPath, [inPackage('generate.mjs'), '--check'], { encoding: 'utf8' })
    expect({ status: check.status, stderr: check.stderr }).toEqual({ status: 0, stderr: '' })
    for (const name of schemaNames) expect(schemas[name]).toEqual(readJson(`data/${name}.schema.json`))
  })

  it('every file of data/ is a named schema that package.json exports', () => {
    const files = readdirSync(inPackage('data')).toSorted()
    expect(files).toEqual(schemaNames.map((name) => `${name}.schema.json`).toSorted())
    const { exports } = readJson('package.json') as { readonly exports: Readonly<Record<string, unknown>> }
    expect(Object.fromEntries(Object.entries(exports).filter(([path]) => path.endsWith('.schema.json')))).toEqual(
      Object.fromEntries(files.map((file) => [`./${file}`, `./data/${file}`])),
    )
  })

  /** The versions of schemas other than 1. */
  const VERSIONS: Partial<Record<SchemaName, number>> = { plan: 3 }

  describe.each(schemaNames)('%s', (name) => {
    it('is a strict JSON Schema 2020-12 with its URN', () => {
      expect(schemas[name].$schema).toBe('https://json-schema.org/draft/2020-12/schema')
      expect(schemas[name].$id).toBe(`urn:imago:schema:${name}:${VERSIONS[name] ?? 1}`)
      expect(new Ajv2020({ strict: true }).validateSchema(schemas[name])).toBe(true)
      expect(getValidator(name)).toBeInstanceOf(Function)
    })

    it('refers only to schemas before it', () => {
      const ajv = new Ajv2020({ strict: true })
      for (const before of schemaNames.slice(0, schemaNames.indexOf(name))) ajv.addSchema(schemas[before])
      expect(ajv.compile(schemas[name])).toBeInstanceOf(Function)
    })

    it('is open: its objects accept unknown keys', () => {
      expect(JSON.stringify(schemas[name])).not.toMatch(
        /"(?:additionalProperties|unevaluatedProperties)":false|"propertyNames"/,
      )
    })

    it('uses every part of $defs', () => {
      const everything = JSON.stringify(schemas)
      const unused = Object.keys(schemas[name].$defs ?? {}).filter(
        (part) =>
          !everything.includes(`"#/$defs/${part}"`) && !everything.includes(`"${schemas[name].$id}#/$defs/${part}"`),
      )
      expect(unused).toEqual([])
    })
  })

  const first = { file: 'images.json', line: 1, pointer: '/images/3/status', id: '1' }
  const word = { kind: 'unknown-word', provider: 'hetzner', path: '/status', word: 'melting', count: 2, first }
  const key = { kind: 'unknown-key', provider: 'hetzner', path: '/colour', got: 'string', count: 1, first }
  const type = {
    kind: 'wrong-type',
    provider: 'openstack',
    path: '/tags/*',
    expected: 'string',
    got: 'number',
    count: 9,
    first,
  }
  const rejection = {
    file: '-',
    line: 7,
    pointer: '',
    provider: null,
    issues: [{ pointer: '', expected: 'an image record', got: 'null' }],
  }
  const drift = {
    $schema: 'urn:imago:schema:drift:1',
    images: 3,
    rejected: 1,
    notes: 12,
    drift: [word, key, type],
    rejections: [rejection],
  }

  const source = { wire: 'name', pointer: '/name', value: 'x' }
  const explained = {
    field: 'name',
    value: 'x',
    evidence: 'declared',
    why: 'as reported by the provider',
    sources: [source],
  }
  const explanation = {
    ref: { provider: 'hetzner', cloud: null, region: null, id: '1' },
    dialect: 'api',
    fields: [explained],
  }
  const explanations = { $schema: 'urn:imago:schema:explanation:1', explanations: [explanation] }

  const step = { evidence: 'inferred', reads: ['*'], why: 'so it is' }
  const field = {
    field: 'name',
    type: 'string',
    meaning: 'its name',
    provider: 'hetzner',
    class: 'read-only',
    steps: [step],
  }
  const fields = { $schema: 'urn:imago:schema:fields:1', fields: [field] }

  /** `document` without one of its keys, for each of its keys. */
  const withoutEach = <A extends object>(document: A): readonly Partial<A>[] =>
    Object.keys(document).map(
      (dropped) => Object.fromEntries(Object.entries(document).filter(([name]) => name !== dropped)) as Partial<A>,
    )

  describe('valid documents', () => {
    it.each<[string, SchemaName, unknown]>([
      ['no images', 'images', { $schema: 'urn:imago:schema:images:1', images: [] }],
      ['a drift report', 'drift', drift],
      ['an empty drift report', 'drift', { ...drift, drift: [], rejections: [] }],
      ['a rejection of a whole file', 'drift', { ...drift, rejections: [{ ...rejection, line: null }] }],
      ['keys with a slash and a tilde', 'drift', { ...drift, drift: [{ ...word, path: '/a~1b~0c' }] }],
      ['an explanation', 'explanation', explanations],
      [
        'an explanation of an absent field',
        'explanation',
        {
          ...explanations,
          explanations: [
            {
              ...explanation,
              fields: [{ ...explained, value: null, sources: [{ ...source, pointer: null, value: null }] }],
            },
          ],
        },
      ],
      ['a field reference', 'fields', fields],
      ['an unsupported field', 'fields', { ...fields, fields: [{ ...field, class: null, steps: [] }] }],
      [
        'fields of a later version',
        'drift',
        { ...drift, later: 1, drift: [{ ...word, later: 1, first: { ...first, later: 1 } }] },
      ],
    ])('%s', (_, name, document) => {
      expect(findFaults(name, document)).toEqual([])
    })
  })

  describe('invalid documents', () => {
    it.each<[string, SchemaName, unknown]>([
      ['a bare list of images', 'images', []],
      ['the URN of another schema', 'images', { $schema: 'urn:imago:schema:drift:1', images: [] }],
      ['the URN of another major version', 'images', { $schema: 'urn:imago:schema:images:2', images: [] }],
      ['an invalid image', 'images', { $schema: 'urn:imago:schema:images:1', images: [{}] }],
      ['an unknown kind of drift', 'drift', { ...drift, drift: [{ ...word, kind: 'other' }] }],
      ['a count of 0', 'drift', { ...drift, drift: [{ ...word, count: 0 }] }],
      ['a fractional count', 'drift', { ...drift, images: 0.5 }],
      ['a negative count', 'drift', { ...drift, notes: -1 }],
      ['a path that is not a pointer', 'drift', { ...drift, drift: [{ ...word, path: 'status' }] }],
      ['a pointer with a bad escape', 'drift', { ...drift, drift: [{ ...word, path: '/a~2' }] }],
      ['a rejection without a reason', 'drift', { ...drift, rejections: [{ ...rejection, issues: [] }] }],
      ['line 0', 'drift', { ...drift, rejections: [{ ...rejection, line: 0 }] }],
      [
        'an unknown value of evidence',
        'explanation',
        { ...explanations, explanations: [{ ...explanation, fields: [{ ...explained, evidence: 'guessed' }] }] },
      ],
      [
        'a reference without an ID',
        'explanation',
        {
          ...explanations,
          explanations: [{ ...explanation, ref: { provider: 'hetzner', cloud: null, region: null } }],
        },
      ],
      [
        'a step with the evidence unsupported',
        'fields',
        { ...fields, fields: [{ ...field, steps: [{ ...step, evidence: 'unsupported' }] }] },
      ],
      ['an unknown class', 'fields', { ...fields, fields: [{ ...field, class: 'other' }] }],
    ])('%s', (_, name, document) => {
      expect(findFaults(name, document)).not.toEqual([])
    })

    it.each<[SchemaName, string, object]>([
      ['drift', 'unknownWord', word],
      ['drift', 'unknownKey', key],
      ['drift', 'wrongType', type],
      ['drift', 'first', first],
      ['drift', 'rejection', rejection],
      ['drift', 'issue', { pointer: '', expected: 'a', got: 'b' }],
      ['explanation', 'explanation', explanation],
      ['explanation', 'field', explained],
      ['explanation', 'source', source],
      ['fields', 'field', field],
      ['fields', 'step', step],
    ])('%s: %s without one of its keys', (name, part, document) => {
      const validate = validatorOfPart(name, part)
      expect(validate(document)).toBe(true)
      for (const less of withoutEach(document))
        expect({ less, isValid: validate(less) }).toEqual({ less, isValid: false })
    })

    it.each<[SchemaName, object]>([
      ['images', { $schema: 'urn:imago:schema:images:1', images: [] }],
      ['drift', drift],
      ['explanation', explanations],
      ['fields', fields],
    ])('%s without one of its keys', (name, document) => {
      for (const less of withoutEach(document)) expect(findFaults(name, less)).not.toEqual([])
    })
  })
})
