/** JSON Pointer (RFC 6901): `/images/3/id`. The empty string is the whole document. */
export type Pointer = string

/** One step of a pointer, with `~` and `/` escaped. */
export const pointerStep = (key: string | number): string =>
  typeof key === 'number' ? `/${key}` : `/${key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`

/** The pointer that leads through `keys`. */
export const toPointer = (keys: readonly (string | number)[]): Pointer => keys.map(pointerStep).join('')
