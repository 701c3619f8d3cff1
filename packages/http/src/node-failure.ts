import { findCertificateDate } from './certificate-date.ts'
import type { HttpFailure } from './failure.ts'
import { codeInMessage, classifyTlsCode } from './tls-failure.ts'

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

/** Of headers, in bytes: as much as curl takes of one, and eight times what Node takes unless it is told. */
export const MAX_HEADER_BYTES = 128 * 1024

/** How an answer breaks the rules of HTTP, by the code of Node's parser (llhttp, src/llhttp/constants.ts). Of others it is not even known that it is HTTP. */
const BROKEN_RULES: ReadonlyMap<string, string> = new Map([
  ['HPE_CR_EXPECTED', 'its lines do not end in CR LF'],
  ['HPE_LF_EXPECTED', 'its lines do not end in CR LF'],
  ['HPE_INVALID_CONTENT_LENGTH', 'its Content-Length is no number'],
  ['HPE_INVALID_HEADER_TOKEN', 'one of its headers has a character or a line break that is forbidden there'],
  ['HPE_INVALID_TRANSFER_ENCODING', 'its Transfer-Encoding cannot be read'],
  ['HPE_UNEXPECTED_CONTENT_LENGTH', 'it has more than one Content-Length, or one beside a Transfer-Encoding'],
])

const FRONT = 'Look at the server, and at what stands before it: a gateway or proxy may spoil its answers'

/** Code of an answer 101, which was not asked for: `watchedTransport` gives it. */
export const UNEXPECTED_UPGRADE = 'ERR_UNASKED_UPGRADE'

/** OpenSSL 3.2 and newer name some alerts `SSL/TLS`. */
const CODE = /^[\w/]{1,80}$/

const getFieldValue = (thrown: unknown, name: string): unknown =>
  typeof thrown === 'object' && thrown !== null ? (thrown as Readonly<Record<string, unknown>>)[name] : undefined

const codeOf = (thrown: unknown): string => {
  const code = getFieldValue(thrown, 'code')
  if (typeof code !== 'string' || !CODE.test(code)) return 'UNKNOWN'
  const message = getFieldValue(thrown, 'message')
  return (code === 'EPROTO' && typeof message === 'string' ? codeInMessage(message) : null) ?? code.replaceAll('/', '_')
}

/** What axios wraps, where it does. */
const causeOf = (thrown: unknown): unknown => getFieldValue(thrown, 'cause') ?? thrown

/** More names than this are not repeated. */
const MOST_NAMES = 5

/** The names that a certificate is for, as it was presented: `DNS:a.example, IP Address:192.0.2.1`. */
const namesOf = (thrown: unknown): readonly string[] => {
  const listed = getFieldValue(getFieldValue(causeOf(thrown), 'cert'), 'subjectaltname')
  return typeof listed === 'string'
    ? listed
        .split(', ')
        .flatMap((name) => /^(?:DNS|IP Address):([\w.*:-]{1,253})$/.exec(name)?.[1] ?? [])
        .slice(0, MOST_NAMES)
    : []
}

/** The first byte of a TLS record that is an alert. RFC 8446, 5.1. */
const TLS_ALERT = 0x15

/** Whether what is no HTTP is TLS. */
const isTlsRecord = (thrown: unknown): boolean => {
  const packet = getFieldValue(causeOf(thrown), 'rawPacket')
  return packet instanceof Uint8Array && packet[0] === TLS_ALERT && packet[1] === 3
}

/** What Node or axios threw, by its code. Nothing else of it is kept: such errors hold requests, headers and addresses. `origin`: what was asked; `proxy`: what stood between. */
export const toHttpFailure = (thrown: unknown, origin: string, proxy: string | null): HttpFailure => {
  const code = codeOf(thrown)
  const place = { origin, ...(proxy === null ? {} : { proxy }) }
  if (UNTRUSTED.has(code))
    return { _tag: 'Untrusted', code, ...place, names: namesOf(thrown), date: findCertificateDate(causeOf(thrown)) }
  if (code === 'HPE_HEADER_OVERFLOW') return { _tag: 'TooLarge', part: 'headers', limit: MAX_HEADER_BYTES }
  if (code === UNEXPECTED_UPGRADE)
    return {
      _tag: 'BadBody',
      what: `${origin} switched to another protocol (101), which was not asked for`,
      hint: FRONT,
    }
  if (code.startsWith('HPE_') && isTlsRecord(thrown)) return { _tag: 'TlsFailed', code, problem: 'only-tls', ...place }
  if (code.startsWith('HPE_')) {
    const rule = BROKEN_RULES.get(code)
    return rule === undefined
      ? { _tag: 'BadBody', what: `the answer of ${origin} is no HTTP (${code})` }
      : { _tag: 'BadBody', what: `the answer of ${origin} breaks the rules of HTTP: ${rule} (${code})`, hint: FRONT }
  }
  if (/^(?:Z_|ZSTD_|ERR__)/.test(code)) return { _tag: 'BadBody', what: `the answer cannot be unpacked (${code})` }
  const problem = classifyTlsCode(code)
  if (problem !== null) return { _tag: 'TlsFailed', code, problem, ...place }
  return { _tag: 'Network', code, ...place }
}
