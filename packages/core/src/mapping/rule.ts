import type { FieldClass } from '../image/fields.ts'

/**
 * How far a value can be relied on.
 * - `declared`: the provider says so.
 * - `inferred`: derived from what the provider says, by a rule with a name.
 * - `assumed`: a documented default.
 * - `unknown`: the provider could say, this record does not.
 * - `unsupported`: this provider never says.
 */
export type Evidence = 'declared' | 'inferred' | 'assumed' | 'unknown' | 'unsupported'

/** One way to fill a field from a wire record `W`. */
export interface RuleStep<W, A> {
  readonly evidence: 'declared' | 'inferred' | 'assumed'
  /** The wire fields it reads, and no others: the compiler sees to that. */
  readonly reads: readonly string[]
  /** The rule, in a sentence. */
  readonly why: string
  /** A value; `null`: the provider says "none"; `undefined`: this record does not say. Total: throws for no wire record. */
  readonly from: (wire: W) => A | null | undefined
}

/** The ways to fill a field, best first. */
export type Rule<W, A> = readonly RuleStep<W, A>[]

/** A field's class and rule. */
export interface FieldMapping<W, A> {
  readonly class: FieldClass
  readonly rule: Rule<W, A>
}

/** In `Step.reads`: every key of the record that no base field has. */
export const OTHER_KEYS = '*'

type From<W, K extends keyof W, A> = (wire: Pick<W, K>) => A | null | undefined

/** The words a mapping of the wire records `W` is written in. */
export interface RuleBuilders<W> {
  /** What the provider says outright. `why` only where the wire name does not speak for itself. */
  readonly declared: <K extends keyof W & string, A>(
    reads: readonly K[],
    from: From<W, K, A>,
    why?: string,
  ) => Rule<W, A>
  /** What follows from what the provider says. */
  readonly inferred: <K extends keyof W & string, A>(
    reads: readonly K[],
    from: From<W, K, A>,
    why: string,
  ) => Rule<W, A>
  /** A default, where the provider says nothing. */
  readonly assumed: <K extends keyof W & string, A>(reads: readonly K[], from: From<W, K, A>, why: string) => Rule<W, A>
  /** What stands in the keys that belong to no base field. */
  readonly otherKeys: <A>(from: (wire: W) => A | null | undefined, why: string) => Rule<W, A>
}

/** The first rule that gives a value; with none, "none" if one of them said so. */
export const firstOf = <W, A>(...rules: readonly Rule<W, A>[]): Rule<W, A> => rules.flat()

/** The rule words for wire records `W`, which TypeScript cannot infer from a table. */
export const createRuleBuilders = <W>(): RuleBuilders<W> => {
  const step =
    (evidence: RuleStep<W, unknown>['evidence']) =>
    <A>(
      reads: readonly string[],
      from: (wire: W) => A | null | undefined,
      why = 'as the provider says',
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
