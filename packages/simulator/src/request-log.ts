/** A request to a simulator. Header values are not stored, because a log must not contain tokens. */
export interface SeenRequest {
  readonly method: string
  /** Path and query as received. */
  readonly url: string
  /** In lower case, sorted. */
  readonly headerNames: readonly string[]
  /** Whether it had a header with a credential: Authorization, X-Auth-Token, X-Subject-Token or Cookie. */
  readonly hadCredential: boolean
}

/** The requests to a simulator, oldest first. */
export interface RequestLog {
  readonly all: () => readonly SeenRequest[]
  readonly clear: () => void
  readonly add: (request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, unknown>>
  }) => void
}

const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-auth-token', 'x-subject-token', 'cookie'])

export const createRequestLog = (): RequestLog => {
  let seen: SeenRequest[] = []
  return {
    all: () => [...seen],
    clear: () => void (seen = []),
    add: ({ method, url, headers }) => {
      const headerNames = Object.keys(headers).sort()
      seen.push({ method, url, headerNames, hadCredential: headerNames.some((name) => CREDENTIAL_HEADERS.has(name)) })
    },
  }
}
