export const BACKSLASH = 92
export const SPACE = 32

/** Three levels of JSON inside JSON. */
const MAX_BACKSLASHES = 8

/** The value of `digits` hex digits at `at`; NaN: not that many digits. */
export const hexAt = (text: string, at: number, digits: number): number => {
  let value = 0
  for (let index = at; index < at + digits; index++) {
    const unit = text.charCodeAt(index)
    const digit =
      unit >= 48 && unit <= 57
        ? unit - 48
        : (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102)
          ? (unit & 0xdf) - 55
          : Number.NaN
    value = value * 16 + digit
  }
  return value
}

/** The end of a run of backslashes. */
export const afterBackslashes = (text: string, at: number): number => {
  let end = at
  while (end - at < MAX_BACKSLASHES && text.charCodeAt(end) === BACKSLASH) end++
  return end
}
