// In JSON text a slash may be escaped.
const USER_INFO = /(:(?:\\?\/){2})[^/\\"\s@?#]*@/g
const SECRET_PARAMETER = /([?&](?:x-amz-(?:signature|credential|security-token)|temp_url_sig|awsaccesskeyid|signature|sig|access_token|token|password|secret|api[-_]?key)=)[^&"#\s\\]+/gi

/**
 * `text` without the secrets that URLs carry: `https://***@host/`, `?sig=***`. Glance shows `direct_url` and `locations` as its stores keep
 * them, credentials included. Works on JSON text and on plain text.
 */
export const maskSecrets = (text: string): string => {
  const masked = text.includes('@') ? text.replace(USER_INFO, '$1***@') : text
  return masked.includes('=') && (masked.includes('?') || masked.includes('&')) ? masked.replace(SECRET_PARAMETER, '$1***') : masked
}
