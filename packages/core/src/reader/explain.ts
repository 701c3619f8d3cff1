import type { Pointer } from '@imago/codec'
import { findSource, type Dialect, type JsonObject } from './dialect.ts'
import { FIELD_NAMES, type FieldName } from '../image/field.ts'
import { evaluateRule, type ImageMapping } from '../mapping/mapping.ts'
import { OTHER_KEYS, type Evidence, type Rule } from '../mapping/rule.ts'

/** A wire field that a rule read. */
export interface SourceField {
  /** Its name on the provider's wire. */
  readonly wire: string
  /** Its location in the record, under the record's own key; `null`: absent. */
  readonly pointer: Pointer | null
  /** The value in the record; `null`: absent. */
  readonly value: unknown
}

/** One field of an image: its value, evidence and sources. */
export interface FieldExplanation {
  readonly field: FieldName
  readonly value: unknown
  readonly evidence: Evidence
  readonly why: string
  readonly sources: readonly SourceField[]
}

const explainAbsence = (provider: string, evidence: Evidence): string =>
  evidence === 'unsupported' ? `${provider} does not report this field` : 'not in this record'

/** Explains every field of one record. `wire` is `record` in the wire's shape. Law: agrees with `normalize` on every value. */
export const explainFields = <W>(
  provider: string,
  mapping: ImageMapping<W>,
  dialect: Dialect,
  record: JsonObject,
  wire: W,
): readonly FieldExplanation[] => {
  const source = (key: string): SourceField => {
    const found = findSource(dialect.translation, record, key)
    return { wire: key, pointer: found?.pointer ?? null, value: found?.value ?? null }
  }
  return FIELD_NAMES.map((field) => {
    const { value, evidence, step } = evaluateRule(mapping, field, wire)
    const rule = (mapping[field]?.rule ?? []) as Rule<W, unknown>
    const reads = step === null ? [...new Set(rule.flatMap((one) => one.reads))] : step.reads
    return {
      field,
      value,
      evidence,
      why: step?.why ?? explainAbsence(provider, evidence),
      sources: reads.filter((key) => key !== OTHER_KEYS).map(source),
    }
  })
}
