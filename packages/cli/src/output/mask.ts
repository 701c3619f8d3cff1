import { createMasker, type Masker } from '@imago/core'

// In JSON text a slash may be escaped, and Go escapes `&`. A password may hold an `@` that somebody forgot to escape.
const USER_INFO = /(:(?:\\?\/){2})(?:[^/\\"\s?#]|\\(?:[\\"]|u00[0-9a-f]{2}))*@/gi
/** The S3 store of Glance writes its keys as they are, and those have slashes in them. Matches whether or not there are keys: else each start within would be tried anew. */
const S3_URL = /\bs3(?:\+https?)?:(?:\\?\/){2}(?:[^\\"\s@?#]|\\\/)*@?/gi
const S3_KEYS_START = /\bs3(?:\+https?)?:(?:\\?\/){2}(?=[^/\\"\s@?#:]+:)/i
const PARAMETER = /((?:[?&]|\\u0026)([\w-]{1,40})=)(?:[^&"#\s\\]|\\\/)+/g
/** Of parameters, in lower case. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'x-goog-signature',
  'x-goog-credential',
  'x-goog-security-token',
  'temp_url_sig',
  'awsaccesskeyid',
  'signature',
  'sig',
  'token',
  'access_token',
  'auth_token',
  'refresh_token',
  'password',
  'passwd',
  'secret',
  'client_secret',
  'apikey',
  'api-key',
  'api_key',
])

const withoutS3Keys = (url: string): string => {
  const start = url.endsWith('@') ? S3_KEYS_START.exec(url) : null
  return start === null ? url : `${url.slice(0, start.index + start[0].length)}***@`
}

/** The secrets of this process by their values: of the clouds that are configured, and those that were issued or typed since. */
export const secrets: Masker = createMasker()

/**
 * `text` without the secrets that URLs carry: `https://***@host/`, `?sig=***`. Glance shows `direct_url` and `locations` as its stores keep
 * them, credentials included. Works on JSON text and on plain text.
 */
export const maskUrls = (text: string): string => {
  const masked = text.includes('@') ? text.replace(USER_INFO, '$1***@').replace(S3_URL, withoutS3Keys) : text
  return masked.includes('=') && (masked.includes('?') || masked.includes('&') || masked.includes('\\u0026'))
    ? masked.replace(PARAMETER, (whole, start: string, name: string) =>
        SECRET_PARAMETERS.has(name.toLowerCase()) ? `${start}***` : whole,
      )
    : masked
}

/** Text of imago's own, as it may be printed: without the secrets of URLs, and without those of this process. Images go through `maskUrls` alone: many are printed, and none of them holds these. */
export const maskSecrets = (text: string): string => secrets.maskOwn(maskUrls(text))
