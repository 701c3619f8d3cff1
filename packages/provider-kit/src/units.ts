/** Converts an amount in a provider's unit (a number of bytes) to whole bytes. `undefined`: the amount is not an exact integer in bytes. */
export const unitToBytes =
  (unit: number) =>
  (amount: number | null | undefined): number | null | undefined => {
    if (amount === null || amount === undefined) return amount
    const bytes = Math.round(amount * unit)
    return Number.isSafeInteger(bytes) ? bytes : undefined
  }
