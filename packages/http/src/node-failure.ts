import { maxHeaderSize } from 'node:http'
import type { HttpFailure } from './failure.ts'

/** OpenSSL's verdicts on a certificate, as Node names them (`X509ErrorCode` in src/crypto/crypto_common.cc), and Node's own on the name in it. */
const UNTRUSTED = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const codeOf = (thrown: unknown): string => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'UNKNOWN'
}

/** What Node or axios threw, by its code. Nothing else of it is kept: such errors hold requests, headers and addresses. `origin`: what was asked; `proxy`: what stood between. */
export const failureOf = (thrown: unknown, origin: string, proxy: string | null): HttpFailure => {
  const code = codeOf(thrown)
  if (UNTRUSTED.has(code)) return { _tag: 'Untrusted', code }
  if (code === 'HPE_HEADER_OVERFLOW') return { _tag: 'TooLarge', part: 'headers', limit: maxHeaderSize }
  if (code.startsWith('HPE_')) return { _tag: 'BadBody', what: `the answer is no HTTP (${code})` }
  if (code.startsWith('Z_')) return { _tag: 'BadBody', what: `the answer cannot be unpacked (${code})` }
  return { _tag: 'Network', code, origin, ...(proxy === null ? {} : { proxy }) }
}
