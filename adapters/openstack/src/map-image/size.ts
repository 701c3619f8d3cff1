const scaled = (factor: number) => (amount: number | null | undefined): number | null | undefined => {
  if (amount === null || amount === undefined) return amount
  const bytes = amount * factor
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Bytes of GiB, the unit of `min_disk`; `undefined` where they are too many to be an exact number. */
export const gibibytesToBytes = scaled(2 ** 30)

/** Bytes of MiB, the unit of `min_ram`; `undefined` where they are too many to be an exact number. */
export const mebibytesToBytes = scaled(2 ** 20)
