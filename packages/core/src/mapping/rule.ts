import type { FieldClass } from '../image/fields.ts'

/**
 * How reliable a value is.
 * - `declared`: the provider states it.
 * - `inferred`: derived from other values of the provider by a documented rule.
 * - `assumed`: a documented default.
 * - `unknown`: this record does not contain it, although the provider has this field.
 * - `unsupported`: the provider does not have this field.
 */
export type Evidence = 'declared' | 'inferred' | 'assumed' | 'unknown' | 'unsupported'

/** One way to fill a field from a wire record `W`. */
export interface RuleStep<W, A> {
  readonly evidence: 'declared' | 'inferred' | 'assumed'
  /** All wire fields that it reads, as checked by the compiler. */
  readonly reads: readonly string[]
  /** The rule in one sentence. */
  readonly why: string
  /** Returns a value; `null`: the provider states that there is none; `undefined`: not in this record. Total: never throws. */
  readonly from: (wire: W) => A | null | undefined
}

/** The ways to fill a field, best first. */
export type Rule<W, A> = readonly RuleStep<W, A>[]

/** A field's class and rule. */
export interface FieldMapping<W, A> {
  readonly class: FieldClass
  readonly rule: Rule<W, A>
}

/** In `RuleStep.reads`: every key of the record that is not a base field. */
export const OTHER_KEYS = '*'

type From<W, K extends keyof W, A> = (wire: Pick<W, K>) => A | null | undefined

/** Functions that build the rules of a mapping of wire records `W`. */
export interface RuleBuilders<W> {
  /** A value that the provider states. `why` is only needed if the wire name does not explain itself. */
  readonly declared: <K extends keyof W & string, A>(
    reads: readonly K[],
    from: From<W, K, A>,
    why?: string,
  ) => Rule<W, A>
  /** A value derived from others. */
  readonly inferred: <K extends keyof W & string, A>(
    reads: readonly K[],
    from: From<W, K, A>,
    why: string,
  ) => Rule<W, A>
  /** A default for records without a value. */
  readonly assumed: <K extends keyof W & string, A>(reads: readonly K[], from: From<W, K, A>, why: string) => Rule<W, A>
  /** A value from the keys that are not base fields. */
  readonly otherKeys: <A>(from: (wire: W) => A | null | undefined, why: string) => Rule<W, A>
}

/** Combines rules: the first value is used; without a value, `null` if a rule returned it. */
export const chooseFirst = <W, A>(...rules: readonly Rule<W, A>[]): Rule<W, A> => rules.flat()

/** Creates the rule builders for wire records `W`, a type that TypeScript cannot infer from a table. */
export const createRuleBuilders = <W>(): RuleBuilders<W> => {
  const step =
    (evidence: RuleStep<W, unknown>['evidence']) =>
    <A>(
      reads: readonly string[],
      from: (wire: W) => A | null | undefined,
      why = 'as reported by the provider',
    ): Rule<W, A> => [{ evidence, reads, why, from }]
  return {
    declared: step('declared'),
    inferred: step('inferred'),
    assumed: step('assumed'),
    otherKeys: (from, why) => [{ evidence: 'declared', reads: [OTHER_KEYS], why, from }],
  }
}

const classed =
  (fieldClass: FieldClass) =>
  <W, A>(rule: Rule<W, A>): FieldMapping<W, A> => ({ class: fieldClass, rule })

export const identityField = classed('identity')
export const readOnlyField = classed('read-only')
export const writableField = classed('writable')
export const referenceField = classed('reference')
