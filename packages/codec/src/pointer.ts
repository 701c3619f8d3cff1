/** A JSON Pointer (RFC 6901): `/images/3/id`. The empty string is the whole document. */
export type Pointer = string

/** One step of a pointer, with its slash, and with `~` and `/` in the key escaped. */
export const toPointerStep = (key: string | number): string =>
  typeof key === 'number'
    ? `/${key}`
    : `/${key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`

/** The pointer of a path of keys. */
export const toPointer = (keys: readonly (string | number)[]): Pointer => keys.map(toPointerStep).join('')
