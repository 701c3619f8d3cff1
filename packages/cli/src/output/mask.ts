// In JSON text a slash may be escaped, and Go escapes `&`. A password may hold an `@` that somebody forgot to escape.
const USER_INFO = /(:(?:\\?\/){2})[^/\\"\s?#]*@/g
/** The S3 store of Glance writes its keys as they are, and those have slashes in them. */
const S3_KEYS = /(\bs3(?:\+https?)?:(?:\\?\/){2})[^/\\"\s@?#:]+:(?:[^\\"\s@?#]|\\\/)*@/gi
const SECRET_PARAMETER =
  /((?:[?&]|\\u0026)(?:x-(?:amz|goog)-(?:signature|credential|security-token)|temp_url_sig|awsaccesskeyid|signature|sig|(?:access_|auth_|refresh_)?token|password|passwd|(?:client_)?secret|api[-_]?key)=)(?:[^&"#\s\\]|\\\/)+/gi

/**
 * `text` without the secrets that URLs carry: `https://***@host/`, `?sig=***`. Glance shows `direct_url` and `locations` as its stores keep
 * them, credentials included. Works on JSON text and on plain text.
 */
export const maskSecrets = (text: string): string => {
  const masked = text.includes('@') ? text.replace(USER_INFO, '$1***@').replace(S3_KEYS, '$1***@') : text
  return masked.includes('=') && (masked.includes('?') || masked.includes('&') || masked.includes('\\u0026')) ? masked.replace(SECRET_PARAMETER, '$1***') : masked
}
