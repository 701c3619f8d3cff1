/** What a list is asked for. An array stands for the same parameter several times; `undefined` for none. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/** Names more than once for arrays: `type=snapshot&type=backup`, which the API wants; not `type[]=`. */
export const toQuery = (parameters: Parameters): readonly (readonly [name: string, value: string])[] =>
  Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined) return []
    const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value]
    return values.map((one) => [name, String(one)] as const)
  })

/** Which page of a list. */
export interface PageParameters {
  /** From 1. */
  readonly page?: number | undefined
  /** 25 unless said, 50 at most. */
  readonly per_page?: number | undefined
}

/** The order of a list: one key, or several of falling weight. */
export type SortParameter<Key extends string> = readonly (Key | `${Key}:${'asc' | 'desc'}`)[]

/** `entries` without those that are absent: the API refuses keys that it does not know, and tells null from nothing. */
export const present = (entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
