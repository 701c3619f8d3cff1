import type { FieldName, Image, JsonObject } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { hetznerReader } from '../../src/offline.ts'

export const PLACE = { cloud: null, region: null, pointer: '' }

export const read = (record: JsonObject): { readonly image: Image; readonly drift: readonly string[] } => {
  const result = hetznerReader.read({ id: 1, ...record }, PLACE)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left.issues))
  return { image: result.right.image, drift: result.right.drift.map(({ kind, path }) => `${kind} ${path}`) }
}

export const readField = (record: JsonObject, field: FieldName): readonly [unknown, string] => {
  const explained = hetznerReader.explain({ id: 1, ...record }, PLACE)
  if (E.isLeft(explained)) throw new Error(JSON.stringify(explained.left.issues))
  const found = explained.right.fields.find((one) => one.field === field)
  return [found?.value, found?.evidence ?? '']
}

export const DELETED = '2026-01-01T00:00:00Z'
