import * as O from 'fp-ts/lib/Option.js'
import { trimTrailing } from '../text/trim-trailing.ts'

/** An exact decimal number: `digits / 10 ** scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

export const ZERO: Decimal = { digits: 0n, scale: 0 }

/** Longer texts are no prices; and their arithmetic would take long. */
const MOST_DIGITS = 100

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** Reads plain decimal text: `12`, `-0.0110`. No exponent, no sign but a leading minus. */
export const parseDecimal = (text: string): O.Option<Decimal> => {
  const [, sign, whole, fraction = ''] = text.length > MOST_DIGITS ? [] : (DECIMAL.exec(text) ?? [])
  if (sign === undefined || whole === undefined) return O.none
  return O.some({ digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length })
}

/** Prints all digits but trailing zeros of the fraction: `0.011`. */
export const formatDecimal = ({ digits, scale }: Decimal): string => {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = trimTrailing(text.slice(text.length - scale), '0')
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export const addDecimals = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale)
  const digitsAt = ({ digits, scale: own }: Decimal): bigint => digits * 10n ** BigInt(scale - own)
  return { digits: digitsAt(a) + digitsAt(b), scale }
}

/** Fractions that have no finite decimal end after this many digits. */
const MOST_FRACTION = 60

/**
 * `value * factor / divisor`. Exact wherever the result is a finite decimal of up to 60 more digits than `value` has, as it is for a `divisor` whose
 * only prime factors are 2 and 5; cut off after them otherwise. `divisor` is above 0.
 */
export const scaleDecimal = ({ digits, scale }: Decimal, factor: bigint, divisor: bigint): Decimal => {
  const product = digits * factor
  const extra = Array.from({ length: MOST_FRACTION }, (_, index) => index).find(
    (places) => (product * 10n ** BigInt(places)) % divisor === 0n,
  )
  const places = extra ?? MOST_FRACTION
  return { digits: (product * 10n ** BigInt(places)) / divisor, scale: scale + places }
}
