/** A secret that the API created. Only `reveal` returns it: logs and JSON do not contain it. */
export interface ApiSecret {
  readonly reveal: () => string
}

export const toSecret = (text: string | null | undefined): ApiSecret | null =>
  text === null || text === undefined ? null : { reveal: () => text }
