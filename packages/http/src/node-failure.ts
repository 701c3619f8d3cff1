import { findCertificateDate } from './certificate-date.ts'
import type { HttpFailure } from './failure.ts'
import { codeInMessage, classifyTlsCode } from './tls-failure.ts'

/** Certificate errors of OpenSSL as Node names them (`X509ErrorCode` in src/crypto/crypto_common.cc), and Node's own for host names. */
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

/** The maximum number of bytes of headers: curl's limit for one header, and eight times Node's default. */
export const MAX_HEADER_BYTES = 128 * 1024

/** HTTP violations by the code of Node's parser (llhttp, src/llhttp/constants.ts). With other codes, the response may not be HTTP at all. */
const VIOLATIONS: ReadonlyMap<string, string> = new Map([
  ['HPE_CR_EXPECTED', 'its lines do not end in CR LF'],
  ['HPE_LF_EXPECTED', 'its lines do not end in CR LF'],
  ['HPE_INVALID_CONTENT_LENGTH', 'its Content-Length is not a number'],
  ['HPE_INVALID_HEADER_TOKEN', 'one of its headers has a forbidden character or line break'],
  ['HPE_INVALID_TRANSFER_ENCODING', 'its Transfer-Encoding cannot be read'],
  ['HPE_UNEXPECTED_CONTENT_LENGTH', 'it has several Content-Length headers, or one with a Transfer-Encoding'],
])

const FRONT = 'Check the server, and the gateway or proxy before it'

/** The code of a response 101 that was not requested. */
export const UNEXPECTED_UPGRADE = 'ERR_UNASKED_UPGRADE'

/** OpenSSL 3.2 and later name some alerts `SSL/TLS`. */
const CODE = /^[\w/]{1,80}$/

const getFieldValue = (thrown: unknown, name: string): unknown =>
  typeof thrown === 'object' && thrown !== null ? (thrown as Readonly<Record<string, unknown>>)[name] : undefined

const findCode = (thrown: unknown): string => {
  const code = getFieldValue(thrown, 'code')
  if (typeof code !== 'string' || !CODE.test(code)) return 'UNKNOWN'
  const message = getFieldValue(thrown, 'message')
  return (code === 'EPROTO' && typeof message === 'string' ? codeInMessage(message) : null) ?? code.replaceAll('/', '_')
}

/** The error that axios wraps. */
const getCause = (thrown: unknown): unknown => getFieldValue(thrown, 'cause') ?? thrown

/** The maximum number of names in an error. */
const MAX_NAMES = 5

/** Parses the names of a certificate: `DNS:a.example, IP Address:192.0.2.1`. */
const parseNames = (thrown: unknown): readonly string[] => {
  const listed = getFieldValue(getFieldValue(getCause(thrown), 'cert'), 'subjectaltname')
  return typeof listed === 'string'
    ? listed
        .split(', ')
        .flatMap((name) => /^(?:DNS|IP Address):([\w.*:-]{1,253})$/.exec(name)?.[1] ?? [])
        .slice(0, MAX_NAMES)
    : []
}

/** The first byte of a TLS alert record. RFC 8446, 5.1. */
const TLS_ALERT = 0x15

/** Whether a response that is not HTTP is a TLS record. */
const isTlsRecord = (thrown: unknown): boolean => {
  const packet = getFieldValue(getCause(thrown), 'rawPacket')
  return packet instanceof Uint8Array && packet[0] === TLS_ALERT && packet[1] === 3
}

/** Converts an exception of Node or axios by its code. Nothing else is kept, because such errors contain requests, headers and addresses. */
export const toHttpFailure = (thrown: unknown, origin: string, proxy: string | null): HttpFailure => {
  const code = findCode(thrown)
  const place = { origin, ...(proxy === null ? {} : { proxy }) }
  if (UNTRUSTED.has(code))
    return { _tag: 'Untrusted', code, ...place, names: parseNames(thrown), date: findCertificateDate(getCause(thrown)) }
  if (code === 'HPE_HEADER_OVERFLOW') return { _tag: 'TooLarge', part: 'headers', limit: MAX_HEADER_BYTES }
  if (code === UNEXPECTED_UPGRADE)
    return {
      _tag: 'BadBody',
      what: `${origin} switched to another protocol (101) without a request`,
      hint: FRONT,
    }
  if (code.startsWith('HPE_') && isTlsRecord(thrown)) return { _tag: 'TlsFailed', code, problem: 'only-tls', ...place }
  if (code.startsWith('HPE_')) {
    const rule = VIOLATIONS.get(code)
    return rule === undefined
      ? { _tag: 'BadBody', what: `the response of ${origin} is not HTTP (${code})` }
      : { _tag: 'BadBody', what: `the response of ${origin} violates HTTP: ${rule} (${code})`, hint: FRONT }
  }
  if (/^(?:Z_|ZSTD_|ERR__)/.test(code))
    return { _tag: 'BadBody', what: `the response cannot be decompressed (${code})` }
  const problem = classifyTlsCode(code)
  if (problem !== null) return { _tag: 'TlsFailed', code, problem, ...place }
  return { _tag: 'Network', code, ...place }
}
