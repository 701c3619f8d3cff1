import { isJsonObject, type Masker } from '@imago/core/provider'

/** Headers of requests whose values are secrets, or end in one: `Bearer …`. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'openstack-auth-receipt',
  'proxy-authorization',
  'x-auth-token',
  'x-service-token',
  'x-subject-token',
])

/** Of what is sent as JSON: Keystone's logins, and what users send themselves. */
const SECRET_KEY = /(?:password|passwd|passcode|secret|token|api_?key|private_key|adminpass)$/i

/** A value of a query that is shorter than this is no signature. */
const SHORTEST_SIGNATURE = 16

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What of a URL lets its holder in: the password, and the values of its query that are long enough to sign it. */
export const addUrlSecrets = (masker: Masker, url: string): void => {
  if (!URL.canParse(url)) return
  const { username, password, searchParams } = new URL(url)
  masker.add(decoded(password))
  // The S3 store's, and tokens that stand alone before the host.
  if (password === '' || username.length >= SHORTEST_SIGNATURE) masker.add(decoded(username))
  for (const value of searchParams.values()) if (value.length >= SHORTEST_SIGNATURE) masker.add(value)
}

const addFromJson = (masker: Masker, value: unknown, isSecret: boolean): void => {
  if (typeof value === 'string') {
    if (isSecret) masker.add(value)
    else if (value.includes('://')) addUrlSecrets(masker, value)
  } else if (Array.isArray(value)) {
    for (const one of value) addFromJson(masker, one, isSecret)
  } else if (isJsonObject(value)) {
    for (const [key, one] of Object.entries(value)) {
      addFromJson(masker, one, typeof one === 'string' && SECRET_KEY.test(key))
      // `{"token": {"id": …}}` is how Keystone takes one.
      if (key === 'token' && isJsonObject(one)) addFromJson(masker, one['id'], true)
    }
  }
}

/** What of a request. */
export interface SentSecrets {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly json?: unknown
}

/** Makes known what a request lets its reader do: credentials in its headers, passwords in its JSON, user and signature in the URLs that it names. */
export const addRequestSecrets = (masker: Masker, { headers = {}, json }: SentSecrets): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (!SECRET_HEADERS.has(name.toLowerCase())) continue
    const secret = value.slice(value.lastIndexOf(' ') + 1)
    masker.add(secret)
    // Whoever has the whole of it has the password too.
    if (/^basic /i.test(value)) masker.add(Buffer.from(secret, 'base64').toString().split(':').slice(1).join(':'))
  }
  addFromJson(masker, json, false)
}
