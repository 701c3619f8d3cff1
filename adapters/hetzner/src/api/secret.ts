/** A secret that the API created. It prints nothing, in logs and JSON too. */
export interface ApiSecret {
  readonly reveal: () => string
}

export const toSecret = (text: string | null | undefined): ApiSecret | null =>
  text === null || text === undefined ? null : { reveal: () => text }
