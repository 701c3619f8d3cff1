import { createMasker, type Masker } from '@imago/core'

// In JSON text a slash may be escaped, and Go escapes `&`. A password may contain an unescaped `@`.
const USER_INFO = /(:(?:\\?\/){2})(?:[^/\\"\s?#]|\\(?:[\\"]|u00[0-9a-f]{2}))*@/gi
/** The S3 store of Glance writes keys unescaped, and these contain slashes. Also matches URLs without keys, so that the pattern is linear. */
const S3_URL = /\bs3(?:\+https?)?:(?:\\?\/){2}(?:[^\\"\s@?#]|\\\/)*@?/gi
const S3_KEYS_START = /\bs3(?:\+https?)?:(?:\\?\/){2}(?=[^/\\"\s@?#:]+:)/i
const PARAMETER = /((?:[?&]|\\u0026)([\w-]{1,40})=)(?:[^&"#\s\\]|\\\/)+/g
/** Names of parameters with secrets, in lower case. */
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

/** The secrets of this process by value: of the configured clouds, and those issued or entered later. */
export const secrets: Masker = createMasker()

/**
 * Masks the secrets in URLs: `https://***@host/`, `?sig=***`. Glance returns `direct_url` and `locations` with the credentials of its stores. Works on
 * JSON text and on plain text.
 */
export const maskUrls = (text: string): string => {
  const masked = text.includes('@') ? text.replace(USER_INFO, '$1***@').replace(S3_URL, withoutS3Keys) : text
  return masked.includes('=') && (masked.includes('?') || masked.includes('&') || masked.includes('\\u0026'))
    ? masked.replace(PARAMETER, (whole, start: string, name: string) =>
        SECRET_PARAMETERS.has(name.toLowerCase()) ? `${start}***` : whole,
      )
    : masked
}

/** Masks the secrets in URLs and those of this process. Images use only `maskUrls`, for speed: they do not contain the process's secrets. */
export const maskSecrets = (text: string): string => secrets.maskOwn(maskUrls(text))
