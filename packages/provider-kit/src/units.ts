/** Converts an amount of a provider's unit, of so many bytes each, to bytes: to whole ones. `undefined`: they are too many to be an exact number. */
export const unitToBytes =
  (unit: number) =>
  (amount: number | null | undefined): number | null | undefined => {
    if (amount === null || amount === undefined) return amount
    const bytes = Math.round(amount * unit)
    return Number.isSafeInteger(bytes) ? bytes : undefined
  }
