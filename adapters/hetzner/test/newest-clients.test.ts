import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import { getEmptyValue, FIELD_NAMES, getFieldValue, type FieldName, type Image } from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'

const folder = new URL('../../../schemas/hetzner/fixtures/newest-clients/', import.meta.url)

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), {
    readers: [hetznerReader],
    provider: 'hetzner',
  })
  expect(rejected).toEqual([])
  expect(
    drift.filter(({ path }) => !(file.endsWith('-str.json') && (path === '/created_from' || path === '/bound_to'))),
  ).toEqual([])
  return items
}

const api = new Map(read('simulator-api-images.json').map((image) => [image.ref.id, image]))

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Ignores the order of labels and properties. */
const toSpelling = (value: unknown): string =>
  JSON.stringify(isObject(value) ? Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)) : value)

/** The fields of a dump that are missing, and those that differ from the API. */
const differences = (file: string): string => {
  const images = read(file)
  const differ = (isWanted: (isEmpty: boolean) => boolean): readonly FieldName[] =>
    FIELD_NAMES.filter((field) =>
      images.some((image) => {
        const spelling = toSpelling(getFieldValue(image, field))
        return (
          spelling !== toSpelling(getFieldValue(api.get(image.ref.id) as Image, field)) &&
          isWanted(spelling === toSpelling(getEmptyValue(field)))
        )
      }),
    )
  const formatFields = (word: string, fields: readonly FieldName[]): string =>
    fields.length === 0 ? '' : `; ${word}: ${fields.join(' ')}`
  return `${images.length} images${formatFields(
    'lost',
    differ((isEmpty) => isEmpty),
  )}${formatFields(
    'changed',
    differ((isEmpty) => !isEmpty),
  )}`
}

/** The fields that each client loses or changes. */
const EXPECTED: Readonly<Record<string, string>> = {
  'ansible-12.3.0-callback.json':
    '24 images; lost: protected rapidDeploy size.stored size.virtual size.minDisk createdAt origins',
  'ansible-12.3.0-registered-loop.json':
    '12 images; lost: protected rapidDeploy size.stored size.virtual size.minDisk createdAt origins',
  'hand-pulumi-stack-export.json':
    '2 images; lost: kind status providerStatus visibility protected rapidDeploy architecture os.family os.distro os.version size.stored size.virtual size.minDisk createdAt; changed: origins',
  'hand-terraform.tfstate.json':
    '2 images; lost: kind status providerStatus visibility protected rapidDeploy architecture os.family os.distro os.version size.stored size.virtual size.minDisk createdAt; changed: origins',
  'hcloud-python-2.27.0-images-iso.json': '54 images',
  'hcloud-python-2.27.0-images-str.json': '54 images; lost: origins',
}

describe('records printed by the newest Hetzner clients', () => {
  it('all dumps are compared', () => {
    expect(Object.keys(EXPECTED)).toEqual(
      readdirSync(folder)
        .filter((file) => file.endsWith('.json') && !file.startsWith('simulator'))
        .sort(),
    )
    expect(api.size).toBeGreaterThan(20)
  })

  it.each(Object.entries(EXPECTED))('%s has the expected differences from the API', (file, expected) =>
    expect(differences(file)).toBe(expected),
  )
})
