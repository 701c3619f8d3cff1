import type { Lab, LabUser } from './lab.ts'

export interface LabRequest {
  readonly method?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes are sent as they are (application/octet-stream), everything else as JSON; either may be overruled by `headers`. */
  readonly body?: unknown
}

export interface LabAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** The body as JSON. Throws where it is none. */
  readonly json: () => unknown
}

const bodyOf = (body: unknown): { readonly type: string; readonly content: Uint8Array<ArrayBuffer> | string } =>
  body instanceof Uint8Array
    ? { type: 'application/octet-stream', content: Uint8Array.from(body) }
    : { type: 'application/json', content: JSON.stringify(body) }

/** One plain request by fetch, with nothing of imago's in between. Every status is an answer. */
export const askLab = async (
  url: string,
  { method = 'GET', token, headers = {}, body }: LabRequest = {},
): Promise<LabAnswer> => {
  const sent = body === undefined ? null : bodyOf(body)
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

/** A token, and what Keystone said of it: `{ token: … }`. */
export interface LabToken {
  readonly token: string
  readonly body: unknown
}

const tokenFor = async ({ authUrl }: Lab, auth: unknown): Promise<LabToken> => {
  const answer = await askLab(`${authUrl}/auth/tokens`, { method: 'POST', body: { auth } })
  const token = answer.headers.get('x-subject-token')
  if (answer.status !== 201 || token === null) throw new Error(`the lab's Keystone gave no token: ${answer.status}`)
  return { token, body: answer.json() }
}

/** Logs in by password, for the project the user has its roles in. */
export const logIn = (lab: Lab, { id, password, project }: LabUser): Promise<LabToken> =>
  tokenFor(lab, {
    identity: { methods: ['password'], password: { user: { id, password } } },
    scope: { project: { name: project, domain: { id: 'default' } } },
  })

/** Logs in by the application credential of the user demo. */
export const logInWithApplicationCredential = (lab: Lab): Promise<LabToken> => {
  const { id, secret } = lab.applicationCredential
  return tokenFor(lab, { identity: { methods: ['application_credential'], application_credential: { id, secret } } })
}
