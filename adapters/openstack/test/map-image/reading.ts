import type { Dialect, FieldName, Image, JsonObject } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { openstackReader } from '../../src/offline.ts'

export const PLACE = { cloud: null, region: null, pointer: '' }

export const read = (
  record: JsonObject,
  dialect?: Dialect,
): { readonly image: Image; readonly drift: readonly string[] } => {
  const result = openstackReader.read({ id: 'a', ...record }, PLACE, dialect)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left.issues))
  return { image: result.right.image, drift: result.right.drift.map(({ kind, path }) => `${kind} ${path}`) }
}

export const readField = (record: JsonObject, field: FieldName): readonly [unknown, string] => {
  const explained = openstackReader.explain({ id: 'a', ...record }, PLACE)
  if (E.isLeft(explained)) throw new Error(JSON.stringify(explained.left.issues))
  const found = explained.right.fields.find((one) => one.field === field)
  return [found?.value, found?.evidence ?? '']
}
