import { readdirSync, readFileSync } from 'node:fs'
import { readDump, type Dump } from '@imago/core'
import { getEmptyValue, FIELD_NAMES, getFieldValue, type FieldName, type Image } from '@imago/core/provider'
import { openstackReader } from '../src/offline.ts'

/** Compares the dumps in one folder of fixtures with the API's records of the same images. */
export interface ClientDumps {
  readonly files: readonly string[]
  readonly read: (file: string) => Dump
  /** The number of images, the fields missing in the dump, and the fields and properties that differ. */
  readonly differences: (file: string) => string
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sorts labels and properties, because their order is irrelevant. */
const spelled = (value: unknown): string =>
  JSON.stringify(isObject(value) ? Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)) : value)

const API = /^(?:simulator-)?api-.*\.json$/

/** `folder`: a folder of `schemas/openstack/fixtures`. */
export const clientDumps = (folder: string): ClientDumps => {
  const place = new URL(`../../../schemas/openstack/fixtures/${folder}/`, import.meta.url)
  const read = (file: string): Dump =>
    readDump(JSON.parse(readFileSync(new URL(file, place), 'utf8')), {
      readers: [openstackReader],
      provider: 'openstack',
    })
  const all = readdirSync(place)
  const api = new Map(
    all
      .filter((file) => API.test(file))
      .flatMap((file) => read(file).items)
      .map((image) => [image.ref.id, image]),
  )

  const original = (image: Image): Image => {
    const found = api.get(image.ref.id)
    if (found === undefined) throw new Error(`the API has no image ${image.ref.id}`)
    return found
  }

  const otherProperties = (image: Image): readonly string[] => {
    const { properties } = original(image)
    return [...new Set([...Object.keys(properties), ...Object.keys(image.properties)])].filter(
      (key) => properties[key] !== image.properties[key],
    )
  }

  const differences = (file: string): string => {
    const { items, rejected, drift } = read(file)
    const differ = (isWanted: (isEmpty: boolean) => boolean): readonly FieldName[] =>
      FIELD_NAMES.filter((field) =>
        items.some((image) => {
          const value = spelled(getFieldValue(image, field))
          return (
            value !== spelled(getFieldValue(original(image), field)) &&
            isWanted(value === spelled(getEmptyValue(field)))
          )
        }),
      )
    const lost = differ((isEmpty) => isEmpty)
    const changed = differ((isEmpty) => !isEmpty).filter((field) => field !== 'properties')
    const properties = lost.includes('properties') ? [] : [...new Set(items.flatMap(otherProperties))].sort()
    const parts: readonly (readonly [string, readonly string[]])[] = [
      ['lost', lost],
      ['changed', changed],
      ['other properties', properties],
      ['rejected', rejected.map(({ pointer }) => pointer)],
      ['drift', drift.map(({ path }) => path)],
    ]
    return [
      `${items.length} images`,
      ...parts.flatMap(([word, words]) => (words.length === 0 ? [] : [`${word}: ${words.join(' ')}`])),
    ].join('; ')
  }

  return { files: all.filter((file) => file.endsWith('.json') && !API.test(file)).sort(), read, differences }
}
