import * as O from 'fp-ts/lib/Option.js'
import { trimTrailing } from '../text/trim-trailing.ts'

/** An exact decimal number: `digits / 10 ** scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

export const ZERO: Decimal = { digits: 0n, scale: 0 }

/** Longer texts are not prices, and computing with them would be slow. */
const MAX_DIGITS = 100

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** Parses a plain decimal number: `12`, `-0.0110`. Exponents and a leading plus are not accepted. */
export const parseDecimal = (text: string): O.Option<Decimal> => {
  const [, sign, whole, fraction = ''] = text.length > MAX_DIGITS ? [] : (DECIMAL.exec(text) ?? [])
  if (sign === undefined || whole === undefined) return O.none
  return O.some({ digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length })
}

/** Formats all digits except trailing zeros of the fraction: `0.011`. */
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

/** Infinite fractions are cut off after this many digits. */
const MAX_FRACTION_DIGITS = 60

/**
 * Computes `value * factor / divisor`, with `divisor` above 0. Exact if the result is a finite decimal with up to 60 digits more than `value`, as for a
 * `divisor` whose only prime factors are 2 and 5; otherwise cut off after 60 digits.
 */
export const scaleDecimal = ({ digits, scale }: Decimal, factor: bigint, divisor: bigint): Decimal => {
  const product = digits * factor
  const extra = Array.from({ length: MAX_FRACTION_DIGITS }, (_, index) => index).find(
    (places) => (product * 10n ** BigInt(places)) % divisor === 0n,
  )
  const places = extra ?? MAX_FRACTION_DIGITS
  return { digits: (product * 10n ** BigInt(places)) / divisor, scale: scale + places }
}
