/** Parses an ID that is a positive integer without leading zeros. `null`: the text has another format, or exceeds the exact integers. */
export const parseNumericId = (text: string): number | null =>
  /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null
