import * as t from 'io-ts'

/** One of the known words, or any other string: providers add words without notice. */
export type OpenWord<Known extends string> = Known | (string & {})

/** The codec of an open enum: it accepts every string, and knows the documented words. */
export class OpenEnumType<Known extends string> extends t.Type<OpenWord<Known>> {
  readonly _tag = 'OpenEnumType' as const
  readonly words: ReadonlySet<string>

  constructor(name: string, words: readonly Known[]) {
    const is = (u: unknown): u is OpenWord<Known> => typeof u === 'string'
    super(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity)
    this.words = new Set(words)
  }
}

/**
 * A string whose documented values are `words`. Other strings are accepted, too; `toGuard` and `toDecoder` note them as `unknown-word`.
 *
 * @example openEnum('GlanceVisibility', ['public', 'private', 'shared', 'community'])
 */
export const openEnum = <Known extends string>(name: string, words: readonly Known[]): OpenEnumType<Known> =>
  new OpenEnumType(name, words)
