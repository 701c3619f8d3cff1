// Summaries of measured values. Pure.
export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
export const spread = (numbers) => `${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)}`

/** Divides each round's value by that of the same round of the base, because other load changes between rounds. */
export const computeRatios = (values, base) => {
  if (values.length !== base.length) throw new Error(`${values.length} values and ${base.length} of the base`)
  return values.map((value, round) => value / base[round])
}
