/** A property as a value: '' is how Glance's clients write "none". `undefined` where the record has no such property. */
export const word = (text: string | null | undefined): string | null | undefined => (text === '' ? null : text)
