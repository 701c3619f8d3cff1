/** Reads an ID in a record. `null`: absent; `undefined`: cannot be read. */
export const readId = (value: unknown): string | null | undefined => {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'string' ? value : undefined
}
