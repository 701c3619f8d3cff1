import type { JsonObject } from '../json.ts'

/** What an answer to a list request is made of. */
export interface PageAnswer {
  readonly body: JsonObject
  /** Headers to set besides those the answer has. */
  readonly headers: Readonly<Record<string, string>>
}

/** What the faults must know of a provider. */
export interface FaultTarget {
  /** The body of the provider's own error with this status; `url` is the path and query that were asked for. */
  readonly errorBody: (status: number, url: string) => { readonly contentType: string; readonly body: string }
  /** Headers of every answer, or of those with this status. */
  readonly errorHeaders?: (status: number) => Readonly<Record<string, string>>
  /** Makes every token that is valid now invalid. */
  readonly expireTokens: () => void
  /** The key whose value is the list of records, where the body is a page of a list. */
  readonly recordsKey: (body: JsonObject) => string | null
  /** Records that a client does not expect, made from a good one. */
  readonly oddRecords: (good: JsonObject) => readonly unknown[]
  /** The page with a link that leads to itself; `url` is the path and query that were asked for. */
  readonly loop: (body: JsonObject, url: string) => PageAnswer
  /** The page with links to another origin. */
  readonly foreignLink: (body: JsonObject, url: string, origin: string) => PageAnswer
}
