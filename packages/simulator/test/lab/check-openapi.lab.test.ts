import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const root = join(__dirname, '..', '..', '..', '..')

const check = (
  ...parameters: readonly string[]
): Promise<{ readonly status: number | null; readonly out: string; readonly error: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['tools/check-hetzner-openapi.mjs', ...parameters], { cwd: root })
    let [out, error] = ['', '']
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (error += String(chunk)))
    child.on('close', (status) => resolve({ status, out, error }))
  })

/** Creates a document with locations and errors. */
const createDocument = (version: string, location: object): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'imago-openapi-')), 'document.json')
  const text = { type: 'string' }
  const pagination = {
    type: 'object',
    additionalProperties: {
      type: 'integer',
      nullable: true,
      ...(version.startsWith('3.1') && { type: ['integer', 'null'] }),
    },
  }
  const details = version.startsWith('3.1') ? { type: ['object', 'null'] } : { type: 'object', nullable: true }
  const content = (schema: object): object => ({ content: { 'application/json': { schema } } })
  const error = content({
    type: 'object',
    properties: { error: { type: 'object', properties: { code: text, message: text, details } } },
    required: ['error'],
  })
  const list = content({
    type: 'object',
    properties: {
      locations: { type: 'array', items: { $ref: '#/components/schemas/Location' } },
      meta: { type: 'object', properties: { pagination } },
    },
    required: ['locations', 'meta'],
  })
  const full = {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      name: text,
      description: text,
      country: text,
      city: text,
      latitude: { type: 'number' },
      longitude: { type: 'number' },
      network_zone: text,
      ...location,
    },
  }
  writeFileSync(
    file,
    JSON.stringify({
      openapi: version,
      paths: { '/locations': { get: { responses: { 200: list, '4xx': error, '5XX': error } } } },
      components: { schemas: { Location: full } },
    }),
  )
  return file
}

describe('the Hetzner simulator against OpenAPI', () => {
  test.each(['3.0.3', '3.1.2'])('accepts a valid document of OpenAPI %s', async (version) => {
    const { status, out, error } = await check(createDocument(version, {}))
    expect(status).toBe(0)
    expect(error).toBe('')
    expect(out.trim().split('\n').at(-1)).toBe('12 answers of 1 operations checked, 0 differences')
  })

  test('reports each difference from a document', async () => {
    const { status, error } = await check(createDocument('3.0.3', { city: { type: 'integer' } }))
    expect(status).toBe(1)
    expect(error).toEqual(
      expect.stringContaining('GET /locations, success (200, 2026): /locations/*/city must be integer'),
    )
  })

  test('requires a file, an existing file, and an OpenAPI document', async () => {
    const none = await check()
    expect(none.status).toBe(2)
    expect(none.error).toEqual(expect.stringContaining('npm run check:hetzner-openapi -- FILE'))
    expect(await check('nowhere.json')).toMatchObject({ status: 2, error: expect.stringContaining('ENOENT') })
    expect(await check('package.json')).toMatchObject({
      status: 2,
      error: expect.stringContaining('not an OpenAPI document'),
    })
  })
})
