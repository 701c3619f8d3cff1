import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { toGuard } from './guard.ts'
import { toIssues, type Issue } from './issue.ts'
import { describeType, type Notes } from './notes.ts'
import { toPointerStep } from './pointer.ts'
import { findFields, type RestType } from './with-rest.ts'

/**
 * Decodes one record tolerantly. An optional field of an unexpected type is noted and dropped; an unknown word or key is noted and kept.
 * It fails only if the value is not an object or a required field is missing or of a wrong type. A value that fits is returned as the same object.
 */
export type Decoder<A> = (u: unknown, notes: Notes) => E.Either<readonly Issue[], A>

type Part = { readonly kept: boolean; readonly value?: unknown }
const dropped: Part = { kept: false }

/** Why `u` does not fit; empty: it does. */
const findIssues = (codec: t.Any, u: unknown): readonly Issue[] => {
  const decoded = codec.decode(u)
  return E.isLeft(decoded) ? toIssues(decoded.left) : []
}

/** The object codec in `codec`, which may be `nullable`, that could still decode `u`; `null`: none. */
const findObjectCodec = (codec: t.Any, u: unknown): t.Any | null => {
  if (typeof u !== 'object' || u === null || Array.isArray(u)) return null
  const { _tag, types } = codec as t.Any & { readonly _tag?: string; readonly types?: readonly t.Any[] }
  if (_tag === 'UnionType') return (types ?? []).find((part) => findFields(part) !== null) ?? null
  return findFields(codec) === null ? null : codec
}

const noteAndDrop = (codec: t.Any, u: unknown, notes: Notes): Part => {
  const [issue] = findIssues(codec, u)
  if (issue === undefined || issue.pointer === '') notes.wrongType(codec.name, u)
  else
    notes.list.push({
      kind: 'wrong-type',
      pointer: notes.pointer() + issue.pointer,
      expected: issue.expected,
      got: issue.got,
    })
  return dropped
}

const salvageField = (codec: t.Any, u: unknown, notes: Notes): Part => {
  if (toGuard(codec)(u, notes)) return { kept: true, value: u }
  const inner = findObjectCodec(codec, u)
  if (inner === null) return noteAndDrop(codec, u, notes)
  const count = notes.list.length
  const { depth } = notes
  const value = salvageObject(inner, u as Record<string, unknown>, notes)
  if (value !== null) return { kept: true, value }
  notes.rewind(count, depth)
  return noteAndDrop(codec, u, notes)
}

/** `u` without the optional fields that do not fit; `null` if a required one does not. Built from entries, so that `__proto__` is an ordinary key. */
const salvageObject = (codec: t.Any, u: Record<string, unknown>, notes: Notes): Record<string, unknown> | null => {
  const fields = findFields(codec)
  // Only codecs made by `withRest` have it; io-ts's type does not know it.
  const rest = (codec as unknown as Partial<RestType<t.Any>>).rest ?? null
  const entries: [string, unknown][] = []
  if (fields === null) return null
  for (const [key, field] of fields) if (field.required && !Object.hasOwn(u, key)) return null
  for (const key of Object.keys(u)) {
    const field = fields.get(key)
    const fieldCodec = field?.codec ?? rest
    if (fieldCodec === null) {
      notes.unknownKey(key, u[key])
      entries.push([key, u[key]])
      continue
    }
    if (u[key] === undefined && field?.required !== true) continue
    notes.enter(key)
    const part = salvageField(fieldCodec, u[key], notes)
    notes.leave()
    if (part.kept) entries.push([key, part.value])
    else if (field?.required === true) return null
  }
  return Object.fromEntries(entries)
}

/** The issues that make decoding fail: those of required fields, since an optional field never does. */
const findFatalIssues = (codec: t.Any, u: unknown): readonly Issue[] => {
  const issues = findIssues(codec, u)
  const fields = findFields(codec)
  const isRequired = (issue: Issue): boolean =>
    issue.pointer === '' ||
    [...(fields ?? [])].some(([key, field]) => field.required && `${issue.pointer}/`.startsWith(`/${key}/`))
  const required = issues.filter(isRequired)
  if (issues.length > 0) return required.length > 0 ? required : issues
  // `decode` of io-ts accepts some values that `is` refuses: `{}` with `type({ a: unknown })`, a tuple that is too long.
  const missing = [...(fields ?? [])].filter(([key, field]) => field.required && !Object.hasOwn(Object(u), key))
  const missingIssues = missing.map(([key, field]) => ({
    pointer: toPointerStep(key),
    expected: field.codec.name,
    got: 'nothing',
  }))
  return missingIssues.length > 0 ? missingIssues : [{ pointer: '', expected: codec.name, got: describeType(u) }]
}

/** The tolerant decoder of a record codec. Laws: `codec.is` holds for every result, and a value for which `codec.is` holds is returned unchanged. */
export const toDecoder = <A>(codec: t.Type<A, unknown>): Decoder<A> => {
  const guard = toGuard(codec)
  return (u, notes) => {
    if (guard(u, notes)) return E.right(u as A)
    const object = findObjectCodec(codec, u)
    const count = notes.list.length
    const { depth } = notes
    const salvaged = object === null ? null : salvageObject(object, u as Record<string, unknown>, notes)
    if (salvaged !== null) return E.right(salvaged as A)
    notes.rewind(count, depth)
    return E.left(findFatalIssues(codec, u))
  }
}
