import type * as t from 'io-ts'
import { createKeyPaths } from './key-path.ts'
import type { Notes } from './notes.ts'
import type { OpenEnumType } from './open-enum.ts'
import { findFields, type RestType } from './with-rest.ts'

/**
 * Whether `u` fits a codec. It notes unknown words and keys in the same pass, without allocation. Law: for every JSON value, `guard(u, notes) === codec.is(u)`.
 */
export type Guard = (u: unknown, notes: Notes) => boolean

type Tagged = t.Any & {
  readonly _tag?: string
  readonly type?: t.Any
  readonly types?: readonly t.Any[]
  readonly domain?: t.Any
  readonly codomain?: t.Any
  readonly value?: unknown
}

const isRecord = (u: unknown): u is Record<string, unknown> => typeof u === 'object' && u !== null && !Array.isArray(u)

/** Guards of codecs with these tags note nothing, so the path to their value need not be tracked. */
const QUIET: ReadonlySet<string | undefined> = new Set([
  'StringType',
  'NumberType',
  'BooleanType',
  'NullType',
  'UndefinedType',
  'UnknownType',
  'AnyType',
  'LiteralType',
  undefined,
])

const isQuiet = (codec: t.Any): boolean => {
  const { _tag, type, types, codomain } = codec as Tagged
  if (QUIET.has(_tag)) return true
  if (_tag === 'UnionType') return (types ?? []).every(isQuiet)
  if (_tag === 'ArrayType' || _tag === 'ReadonlyArrayType') return type !== undefined && isQuiet(type)
  if (_tag === 'DictionaryType') return codomain !== undefined && isQuiet(codomain)
  return false
}

const isNull = (codec: t.Any): boolean => (codec as Tagged)._tag === 'NullType'

/** The `typeof` of all values of a codec. */
const PLAIN_TYPES: ReadonlyMap<string | undefined, string> = new Map([
  ['StringType', 'string'],
  ['NumberType', 'number'],
  ['BooleanType', 'boolean'],
])

interface FieldGuard {
  readonly required: boolean
  /** A value of this type, or null if `nullable`, needs no guard. Most values are such, and calling a guard for each takes longer than comparing types. */
  readonly plainType: string | null
  readonly nullable: boolean
  readonly guard: Guard
  readonly quiet: boolean
}

const fieldsGuard = (fields: ReadonlyMap<string, FieldGuard>, rest: FieldGuard | null): Guard => {
  const requiredCount = [...fields.values()].filter((field) => field.required).length
  const { root, next } = createKeyPaths<FieldGuard | null>(null, (key) => fields.get(key) ?? rest)
  return (u, notes) => {
    if (!isRecord(u)) return false
    let node = root
    let required = 0
    for (const key in u) {
      node = next(node, key)
      const field = node.value
      const value = u[key]
      if (field === null) {
        notes.unknownKey(key, value)
        continue
      }
      if (field.required) required++
      else if (value === undefined && field !== rest) continue
      if (value === null ? field.nullable : typeof value === field.plainType) continue
      if (field.quiet) {
        if (!field.guard(value, notes)) return false
        continue
      }
      notes.enter(key)
      if (!field.guard(value, notes)) return false
      notes.leave()
    }
    return required === requiredCount
  }
}

const arrayGuard =
  (element: Guard, quiet: boolean): Guard =>
  (u, notes) => {
    if (!Array.isArray(u)) return false
    for (let index = 0; index < u.length; index++) {
      if (quiet) {
        if (!element(u[index], notes)) return false
        continue
      }
      notes.enter(index)
      if (!element(u[index], notes)) return false
      notes.leave()
    }
    return true
  }

const dictionaryGuard =
  (value: Guard, quiet: boolean): Guard =>
  (u, notes) => {
    if (!isRecord(u)) return false
    for (const key in u) {
      if (quiet) {
        if (!value(u[key], notes)) return false
        continue
      }
      notes.enter(key)
      if (!value(u[key], notes)) return false
      notes.leave()
    }
    return true
  }

const unionGuard = (codecs: readonly t.Any[]): Guard => {
  const guards = codecs.map(compile)
  const [first, second] = guards
  if (guards.length === 2 && first !== undefined && second !== undefined && codecs.every(isQuiet))
    return (u, notes) => first(u, notes) || second(u, notes)
  // `nullable`, by far the most common union: if its other part fails, the whole guard does, so there are no notes to discard here.
  if (guards.length === 2 && first !== undefined && codecs[1] !== undefined && isNull(codecs[1]))
    return (u, notes) => u === null || first(u, notes)
  return (u, notes) => {
    const count = notes.list.length
    const { depth } = notes
    for (const guard of guards) {
      if (guard(u, notes)) return true
      notes.rewind(count, depth)
    }
    return false
  }
}

const compileField = (codec: t.Any, required: boolean): FieldGuard => {
  const { _tag, types = [] } = codec as Tagged
  const parts = _tag === 'UnionType' ? types : [codec]
  const others = parts.filter((part) => !isNull(part))
  const [only] = others
  return {
    required,
    plainType: PLAIN_TYPES.get(others.length === 1 ? (only as Tagged)._tag : undefined) ?? null,
    nullable: others.length < parts.length,
    guard: others.length === 1 && only !== undefined ? compile(only) : compile(codec),
    quiet: isQuiet(codec),
  }
}

const isString: Guard = (u) => typeof u === 'string'
const isNumber: Guard = (u) => typeof u === 'number'
const isBoolean: Guard = (u) => typeof u === 'boolean'
const isStringOrNull: Guard = (u) => typeof u === 'string' || u === null
const isAnything: Guard = () => true

const compile = (codec: t.Any): Guard => {
  const tagged = codec as Tagged
  switch (tagged._tag) {
    case 'StringType':
      return isString
    case 'NumberType':
      return isNumber
    case 'BooleanType':
      return isBoolean
    case 'NullType':
      return (u) => u === null
    case 'UnknownType':
    case 'AnyType':
      return isAnything
    case 'LiteralType':
      return (u) => u === tagged.value
    case 'OpenEnumType': {
      const { words } = codec as OpenEnumType<string>
      return (u, notes) => {
        if (typeof u !== 'string') return false
        if (!words.has(u)) notes.unknownWord(u)
        return true
      }
    }
    case 'UnionType': {
      const codecs = tagged.types ?? []
      const tags = codecs.map((part) => (part as Tagged)._tag)
      return tags.length === 2 && tags[0] === 'StringType' && tags[1] === 'NullType'
        ? isStringOrNull
        : unionGuard(codecs)
    }
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return tagged.type === undefined ? codec.is : arrayGuard(compile(tagged.type), isQuiet(tagged.type))
    case 'DictionaryType':
      // io-ts has other rules for dictionaries of fixed keys and of `any`.
      return tagged.codomain === undefined ||
        (tagged.domain as Tagged | undefined)?._tag !== 'StringType' ||
        (tagged.codomain as Tagged)._tag === 'AnyType'
        ? codec.is
        : dictionaryGuard(compile(tagged.codomain), isQuiet(tagged.codomain))
    default: {
      const fields = findFields(codec)
      if (fields === null) return codec.is
      const guards = new Map([...fields].map(([key, field]) => [key, compileField(field.codec, field.required)]))
      const rest = tagged._tag === 'RestType' ? (codec as unknown as RestType<t.Any>).rest : null
      return fieldsGuard(guards, rest === null ? null : compileField(rest, false))
    }
  }
}

const guards = new WeakMap<t.Any, Guard>()

/** The guard of a codec, derived once from its `_tag`s. For a codec of an unknown kind it calls the codec's own `is`. */
export const toGuard = (codec: t.Any): Guard => {
  const known = guards.get(codec)
  if (known !== undefined) return known
  const compiled = compile(codec)
  const guard: Guard = (u, notes) => {
    const count = notes.list.length
    const { depth } = notes
    if (compiled(u, notes)) return true
    notes.rewind(count, depth)
    return false
  }
  guards.set(codec, guard)
  return guard
}
