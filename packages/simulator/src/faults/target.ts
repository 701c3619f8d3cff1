import type { JsonObject } from '../json.ts'

/** A response to a list request. */
export interface PageResponse {
  readonly body: JsonObject
  /** Headers to set in addition to those of the response. */
  readonly headers: Readonly<Record<string, string>>
}

/** The provider's part of the faults. */
export interface FaultTarget {
  /** Creates the body of the provider's own error with this status; `url` is the requested path and query. */
  readonly errorBody: (status: number, url: string) => { readonly contentType: string; readonly body: string }
  /** Headers of every response, or of responses with this status. */
  readonly errorHeaders?: (status: number) => Readonly<Record<string, string>>
  /** Invalidates all tokens that are valid now. */
  readonly expireTokens: () => void
  /** Returns the key of the list of records, if the body is a page of a list. */
  readonly recordsKey: (body: JsonObject) => string | null
  /** Creates unexpected records from a valid one. */
  readonly oddRecords: (good: JsonObject) => readonly unknown[]
  /** Creates a page that links to itself as the next page; `url` is the requested path and query. */
  readonly loop: (body: JsonObject, url: string) => PageResponse
  /** Creates a page with links to another origin. */
  readonly foreignLink: (body: JsonObject, url: string, origin: string) => PageResponse
}
