import * as t from 'io-ts'

const numberType = (name: string, holds: (n: number) => boolean): t.Type<number> => {
  const is = (u: unknown): u is number => typeof u === 'number' && holds(u)
  return new t.Type(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity)
}

/** An integer from 0 to 2^53 - 1. A larger one may have been rounded by `JSON.parse`, so it is refused. */
export const Count: t.Type<number> = numberType('integer from 0 to 2^53-1', (n) => Number.isSafeInteger(n) && n >= 0)

/** A finite number of at least 0. */
export const Amount: t.Type<number> = numberType('number from 0', (n) => Number.isFinite(n) && n >= 0)
