import type { Lab, LabUser } from './lab.ts'

export interface LabRequest {
  readonly method?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes are sent unchanged (application/octet-stream), other values as JSON; `headers` takes precedence. */
  readonly body?: unknown
}

export interface LabResponse {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** Returns the body as JSON. Throws if it is not JSON. */
  readonly json: () => unknown
}

const encodeBody = (body: unknown): { readonly type: string; readonly content: Uint8Array<ArrayBuffer> | string } =>
  body instanceof Uint8Array
    ? { type: 'application/octet-stream', content: Uint8Array.from(body) }
    : { type: 'application/json', content: JSON.stringify(body) }

/** Sends a request with fetch, without imago's HTTP client. Every status is a result. */
export const askLab = async (
  url: string,
  { method = 'GET', token, headers = {}, body }: LabRequest = {},
): Promise<LabResponse> => {
  const sent = body === undefined ? null : encodeBody(body)
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { 'x-auth-token': token }),
      ...(sent === null ? {} : { 'content-type': sent.type }),
      ...headers,
    },
    body: sent?.content ?? null,
    redirect: 'manual',
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: () => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
  }
}

/** A token and Keystone's description of it: `{ token: … }`. */
export interface LabToken {
  readonly token: string
  readonly body: unknown
}

const tokenFor = async ({ authUrl }: Lab, auth: unknown): Promise<LabToken> => {
  const response = await askLab(`${authUrl}/auth/tokens`, { method: 'POST', body: { auth } })
  const token = response.headers.get('x-subject-token')
  if (response.status !== 201 || token === null) throw new Error(`the lab's Keystone gave no token: ${response.status}`)
  return { token, body: response.json() }
}

/** Logs in with the password, for the project in which the user has its roles. */
export const logIn = (lab: Lab, { id, password, project }: LabUser): Promise<LabToken> =>
  tokenFor(lab, {
    identity: { methods: ['password'], password: { user: { id, password } } },
    scope: { project: { name: project, domain: { id: 'default' } } },
  })

/** Logs in with the application credential of the user demo. */
export const logInWithApplicationCredential = (lab: Lab): Promise<LabToken> => {
  const { id, secret } = lab.applicationCredential
  return tokenFor(lab, { identity: { methods: ['application_credential'], application_credential: { id, secret } } })
}
