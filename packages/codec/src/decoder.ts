import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { guardOf } from './guard.ts'
import { issuesOf, type Issue } from './issue.ts'
import { describe, type Notes } from './notes.ts'
import { pointerStep } from './pointer.ts'
import { fieldsOf, type RestType } from './with-rest.ts'

/**
 * Decodes one record, tolerantly: an optional field of an unexpected type is noted and left out, an unknown word or key is noted and kept.
 * Only a value that is no object, or lacks a required field, fails. What fits comes back as the same object, untouched.
 */
export type Decoder<A> = (u: unknown, notes: Notes) => E.Either<readonly Issue[], A>

type Part = { readonly kept: boolean; readonly value?: unknown }
const dropped: Part = { kept: false }

const rejects = (codec: t.Any, u: unknown): readonly Issue[] => {
  const decoded = codec.decode(u)
  return E.isLeft(decoded) ? issuesOf(decoded.left) : []
}

/** The object codec that `u` could still be read by, looking through `nullable`. */
const objectCodecOf = (codec: t.Any, u: unknown): t.Any | null => {
  if (typeof u !== 'object' || u === null || Array.isArray(u)) return null
  const { _tag, types } = codec as t.Any & { readonly _tag?: string; readonly types?: readonly t.Any[] }
  if (_tag === 'UnionType') return (types ?? []).find((part) => fieldsOf(part) !== null) ?? null
  return fieldsOf(codec) === null ? null : codec
}

const noteAndDrop = (codec: t.Any, u: unknown, notes: Notes): Part => {
  const [issue] = rejects(codec, u)
  if (issue === undefined || issue.pointer === '') notes.wrongType(codec.name, u)
  else notes.list.push({ kind: 'wrong-type', pointer: notes.pointer() + issue.pointer, expected: issue.expected, got: issue.got })
  return dropped
}

const salvageField = (codec: t.Any, u: unknown, notes: Notes): Part => {
  if (guardOf(codec)(u, notes)) return { kept: true, value: u }
  const inner = objectCodecOf(codec, u)
  if (inner === null) return noteAndDrop(codec, u, notes)
  const count = notes.list.length
  const { depth } = notes
  const value = salvageObject(inner, u as Record<string, unknown>, notes)
  if (value !== null) return { kept: true, value }
  notes.forget(count, depth)
  return noteAndDrop(codec, u, notes)
}

/** `u` without the optional fields that do not fit; `null` when a required one does not. Built by entries, so that `__proto__` is an ordinary key. */
const salvageObject = (codec: t.Any, u: Record<string, unknown>, notes: Notes): Record<string, unknown> | null => {
  const fields = fieldsOf(codec)
  // Only what `withRest` made has it, which io-ts’s own type knows nothing of.
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

/** The required part of what is wrong with `u`: an optional field never rejects a record, so it is no reason for a rejection either. */
const reasons = (codec: t.Any, u: unknown): readonly Issue[] => {
  const issues = rejects(codec, u)
  const fields = fieldsOf(codec)
  const isRequired = (issue: Issue): boolean => issue.pointer === '' || [...(fields ?? [])].some(([key, field]) => field.required && `${issue.pointer}/`.startsWith(`/${key}/`))
  const required = issues.filter(isRequired)
  if (issues.length > 0) return required.length > 0 ? required : issues
  // io-ts decodes some values that it says it `is` not: `{}` with `type({ a: unknown })`, a tuple that is too long.
  const missing = [...(fields ?? [])].filter(([key, field]) => field.required && !Object.hasOwn(Object(u), key))
  const told = missing.map(([key, field]) => ({ pointer: pointerStep(key), expected: field.codec.name, got: 'nothing' }))
  return told.length > 0 ? told : [{ pointer: '', expected: codec.name, got: describe(u) }]
}

/** The tolerant decoder of a record codec. Law: what it returns `codec.is`; what `codec.is` it returns unchanged. */
export const decoderOf = <A>(codec: t.Type<A, unknown>): Decoder<A> => {
  const guard = guardOf(codec)
  return (u, notes) => {
    if (guard(u, notes)) return E.right(u as A)
    const object = objectCodecOf(codec, u)
    const count = notes.list.length
    const { depth } = notes
    const salvaged = object === null ? null : salvageObject(object, u as Record<string, unknown>, notes)
    if (salvaged !== null) return E.right(salvaged as A)
    notes.forget(count, depth)
    return E.left(reasons(codec, u))
  }
}
