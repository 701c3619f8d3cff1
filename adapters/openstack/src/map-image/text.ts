/** Property value: '' means "none", as Glance's clients write it; `undefined` if the record lacks the property. */
export const word = (text: string | null | undefined): string | null | undefined => (text === '' ? null : text)
