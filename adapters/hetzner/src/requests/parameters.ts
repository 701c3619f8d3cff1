/** The parameters of a list. An array repeats a parameter; `undefined` leaves it out. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/** Repeats the names of arrays, as the API requires: `type=snapshot&type=backup`, not `type[]=`. */
export const toQuery = (parameters: Parameters): readonly (readonly [name: string, value: string])[] =>
  Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined) return []
    const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value]
    return values.map((one) => [name, String(one)] as const)
  })

/** A page of a list. */
export interface PageParameters {
  /** From 1. */
  readonly page?: number | undefined
  /** At most 50. Default: 25. */
  readonly per_page?: number | undefined
}

/** The order of a list: one key, or several by priority. */
export type SortParameter<Key extends string> = readonly (Key | `${Key}:${'asc' | 'desc'}`)[]

/** `entries` without `undefined`, because the API treats null differently. */
export const present = (entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
