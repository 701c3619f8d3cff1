import { maxHeaderSize } from 'node:http'
import { notedCertificateDate } from './certificate-date.ts'
import type { HttpFailure } from './failure.ts'
import { codeInMessage, tlsProblemOf } from './tls-failure.ts'

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

/** OpenSSL 3.2 and newer name some alerts `SSL/TLS`. */
const CODE = /^[\w/]{1,80}$/

const fieldOf = (thrown: unknown, name: string): unknown => (typeof thrown === 'object' && thrown !== null ? (thrown as Readonly<Record<string, unknown>>)[name] : undefined)

const codeOf = (thrown: unknown): string => {
  const code = fieldOf(thrown, 'code')
  if (typeof code !== 'string' || !CODE.test(code)) return 'UNKNOWN'
  const message = fieldOf(thrown, 'message')
  return (code === 'EPROTO' && typeof message === 'string' ? codeInMessage(message) : null) ?? code.replaceAll('/', '_')
}

/** What axios wraps, where it does. */
const causeOf = (thrown: unknown): unknown => fieldOf(thrown, 'cause') ?? thrown

/** More names than this are not repeated. */
const MOST_NAMES = 5

/** The names that a certificate is for, as it was presented: `DNS:a.example, IP Address:192.0.2.1`. */
const namesOf = (thrown: unknown): readonly string[] => {
  const listed = fieldOf(fieldOf(causeOf(thrown), 'cert'), 'subjectaltname')
  return typeof listed === 'string' ? listed.split(', ').flatMap((name) => /^(?:DNS|IP Address):([\w.*:-]{1,253})$/.exec(name)?.[1] ?? []).slice(0, MOST_NAMES) : []
}

/** The first byte of a TLS record that is an alert. RFC 8446, 5.1. */
const TLS_ALERT = 0x15

/** Whether what is no HTTP is TLS. */
const isTlsRecord = (thrown: unknown): boolean => {
  const packet = fieldOf(causeOf(thrown), 'rawPacket')
  return packet instanceof Uint8Array && packet[0] === TLS_ALERT && packet[1] === 3
}

/** What Node or axios threw, by its code. Nothing else of it is kept: such errors hold requests, headers and addresses. `origin`: what was asked; `proxy`: what stood between. */
export const failureOf = (thrown: unknown, origin: string, proxy: string | null): HttpFailure => {
  const code = codeOf(thrown)
  const place = { origin, ...(proxy === null ? {} : { proxy }) }
  if (UNTRUSTED.has(code)) return { _tag: 'Untrusted', code, ...place, names: namesOf(thrown), date: notedCertificateDate(causeOf(thrown)) }
  if (code === 'HPE_HEADER_OVERFLOW') return { _tag: 'TooLarge', part: 'headers', limit: maxHeaderSize }
  if (code.startsWith('HPE_')) return isTlsRecord(thrown) ? { _tag: 'TlsFailed', code, problem: 'only-tls', ...place } : { _tag: 'BadBody', what: `the answer is no HTTP (${code})` }
  if (/^(?:Z_|ZSTD_|ERR__)/.test(code)) return { _tag: 'BadBody', what: `the answer cannot be unpacked (${code})` }
  const problem = tlsProblemOf(code)
  if (problem !== null) return { _tag: 'TlsFailed', code, problem, ...place }
  return { _tag: 'Network', code, ...place }
}
