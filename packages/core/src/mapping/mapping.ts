import { getEmptyValue, FIELDS, FIELD_NAMES, type FieldName } from '../image/field.ts'
import type { FieldClass } from '../image/fields.ts'
import { imageBuilder, type FillGroup } from '../image/image-builder.ts'
import type { Image, ImageFields } from '../image/image.ts'
import type { Evidence, FieldMapping, Rule, RuleStep } from './rule.ts'

/**
 * The rule for each field of an image, which fills it from a provider's wire record. A field without a rule has no value at this provider.
 * `normalize`, `explain`, the field reference and the field classes are all derived from this table.
 */
export type ImageMapping<W> = { readonly [F in FieldName]?: FieldMapping<W, ImageFields[F]> } & {
  readonly 'ref.id': FieldMapping<W, string>
}

/** The cloud and region of a record, which the record itself does not contain. */
export interface CloudLocation {
  readonly cloud: string | null
  readonly region: string | null
}

/** Maps a wire record. Total. */
export type Normalize<W> = (wire: W, where: CloudLocation, raw: unknown) => Image

/** A rule as one function. That of one step is the step's own, which V8 can inline into the function that builds images. */
const compileRule = <W, A>([first, ...others]: Rule<W, A>): RuleStep<W, A>['from'] => {
  if (first === undefined) return () => undefined
  const { from } = first
  if (others.length === 0) return from
  const fromOthers = compileRule(others)
  return (wire) => from(wire) ?? fromOthers(wire)
}

/** Compiles a mapping to a function. */
export const createNormalizer = <W>(provider: string, mapping: ImageMapping<W>): Normalize<W> => {
  const fill = <F extends FieldName>(field: F): RuleStep<W, ImageFields[F]>['from'] =>
    compileRule((mapping[field]?.rule ?? []) as Rule<W, ImageFields[F]>)
  // If a group has no mapped fields, all images share one object: small objects are a third of an image's memory.
  const group: FillGroup<W> = (fields, fillAll) => {
    if (fields.some((field) => mapping[field] !== undefined)) return fillAll
    const shared = Object.freeze(fillAll(undefined as W))
    return () => shared
  }
  return imageBuilder(provider, fill, group)
}

/** The result of a rule for one record. `step`: the step that returned the value, if any. */
export interface RuleResult<W> {
  readonly value: unknown
  readonly evidence: Evidence
  readonly step: RuleStep<W, unknown> | null
}

/** Evaluates the rule of `field` for one wire record, as `createNormalizer` does, and returns the step that determined the value. */
export const evaluateRule = <W>(mapping: ImageMapping<W>, field: FieldName, wire: W): RuleResult<W> => {
  const rule = mapping[field]?.rule as Rule<W, unknown> | undefined
  if (rule === undefined) return { value: getEmptyValue(field), evidence: 'unsupported', step: null }
  let none: RuleStep<W, unknown> | null = null
  for (const step of rule) {
    const value = step.from(wire)
    if (value !== null && value !== undefined) return { value, evidence: step.evidence, step }
    if (value === null) none ??= step
  }
  return { value: getEmptyValue(field), evidence: none === null ? 'unknown' : 'declared', step: none }
}

/** One line of the field reference of a provider. */
export interface FieldReference {
  readonly field: FieldName
  readonly type: string
  readonly meaning: string
  readonly provider: string
  /** `null`: the provider does not have this field. */
  readonly class: FieldClass | null
  /** The steps of its rule, best first; empty if the provider does not have this field. */
  readonly steps: readonly { readonly evidence: Evidence; readonly reads: readonly string[]; readonly why: string }[]
}

/** Derives the field reference of a provider from its mapping, in the order of `FIELDS`. */
export const describeFields = <W>(provider: string, mapping: ImageMapping<W>): readonly FieldReference[] =>
  FIELD_NAMES.map((field) => {
    const mapped = mapping[field] as FieldMapping<W, unknown> | undefined
    const { type, meaning } = FIELDS[field]
    return {
      field,
      type,
      meaning,
      provider,
      class: mapped?.class ?? null,
      steps: (mapped?.rule ?? []).map(({ evidence, reads, why }) => ({ evidence, reads, why })),
    }
  })
