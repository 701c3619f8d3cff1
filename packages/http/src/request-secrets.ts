import { isJsonObject, type Masker } from '@imago/core/provider'

/** Request headers whose values are secrets, or end in one: `Bearer …`. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'openstack-auth-receipt',
  'proxy-authorization',
  'x-auth-token',
  'x-service-token',
  'x-subject-token',
])

/** Keys of JSON bodies with secrets: of Keystone logins, and of users. */
const SECRET_KEY = /(?:password|passwd|passcode|secret|token|api_?key|private_key|adminpass)$/i

/** Shorter values of a query are not signatures. */
const SHORTEST_SIGNATURE = 16

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Adds the secrets of a URL: its password, and values of its query that may be signatures. */
export const addUrlSecrets = (masker: Masker, url: string): void => {
  if (!URL.canParse(url)) return
  const { username, password, searchParams } = new URL(url)
  masker.add(decoded(password))
  // User names of the S3 store, and tokens in their place.
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
      // `{"token": {"id": …}}` in Keystone logins.
      if (key === 'token' && isJsonObject(one)) addFromJson(masker, one['id'], true)
    }
  }
}

/** The parts of a request that may contain secrets. */
export interface SentSecrets {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly json?: unknown
}

/** Adds the secrets of a request to the masker: credentials in headers, passwords in JSON, users and signatures in URLs. */
export const addRequestSecrets = (masker: Masker, { headers = {}, json }: SentSecrets): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (!SECRET_HEADERS.has(name.toLowerCase())) continue
    const secret = value.slice(value.lastIndexOf(' ') + 1)
    masker.add(secret)
    // The decoded value contains the password.
    if (/^basic /i.test(value)) masker.add(Buffer.from(secret, 'base64').toString().split(':').slice(1).join(':'))
  }
  addFromJson(masker, json, false)
}
