/** A secret that the API made: printed, logged or turned into JSON, it shows nothing. */
export interface ApiSecret {
  readonly reveal: () => string
}

export const toSecret = (text: string | null | undefined): ApiSecret | null =>
  text === null || text === undefined ? null : { reveal: () => text }
