/** Why a TLS handshake fails, apart from the certificate of the server. */
export type TlsProblem =
  /** The port does not use TLS. */
  | 'not-tls'
  /** The port requires TLS. */
  | 'only-tls'
  /** No common TLS version. */
  | 'version'
  /** The server requires a client certificate, and got none. */
  | 'certificate-missing'
  /** The server does not accept the client certificate. */
  | 'certificate-refused'
  /** The server ended the handshake without a reason. */
  | 'handshake'
  /** Any other error of OpenSSL. */
  | 'other'

interface Advice {
  /** Follows the address of the server. */
  readonly what: string
  readonly hint: string
}

const SERVER_CLOCK = 'Renew the certificate of the server; if its dates are right, set the clock of this machine'
const AUTHORITY =
  'Set cacert in clouds.yaml, or NODE_EXTRA_CA_CERTS, to a file with the certificate of the authority that signed it'
const CLIENT_CERTIFICATE =
  'Set the client certificate and its key in the configuration of this cloud (cert and key in clouds.yaml)'

const CERTIFICATES: ReadonlyMap<string, Advice> = new Map([
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    {
      what: 'is for another host name',
      hint: 'Use an address with a name that the certificate is for, or correct the certificate of the server',
    },
  ],
  ['CERT_HAS_EXPIRED', { what: 'has expired', hint: SERVER_CLOCK }],
  ['CERT_NOT_YET_VALID', { what: 'is not valid yet', hint: SERVER_CLOCK }],
  ['CERT_REVOKED', { what: 'has been revoked', hint: 'Ask the operator of the server for a new certificate' }],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    {
      what: 'is self-signed and not trusted',
      hint: 'If you trust it, save it to a file, and set cacert in clouds.yaml, or NODE_EXTRA_CA_CERTS, to that file',
    },
  ],
  ['SELF_SIGNED_CERT_IN_CHAIN', { what: 'is signed by an untrusted authority', hint: AUTHORITY }],
  ['UNABLE_TO_GET_ISSUER_CERT', { what: 'is signed by an unknown authority', hint: AUTHORITY }],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { what: 'is signed by an unknown authority', hint: AUTHORITY }],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    {
      what: 'is signed by an unknown authority, and has no intermediate certificate',
      hint: AUTHORITY,
    },
  ],
])

/** Describes an invalid certificate by the code of OpenSSL or Node. */
export const describeCertificateProblem = (code: string): Advice =>
  CERTIFICATES.get(code === 'HOSTNAME_MISMATCH' ? 'ERR_TLS_CERT_ALTNAME_INVALID' : code) ?? {
    what: 'is not valid',
    hint: 'Correct the certificate of the server',
  }

const PROBLEMS: Readonly<Record<TlsProblem, Advice>> = {
  'not-tls': { what: 'does not use TLS', hint: 'Use an http address, or the port with TLS' },
  'only-tls': { what: 'requires TLS', hint: 'Use an https address' },
  version: {
    what: 'supports no TLS version of this machine, which requires 1.2 or later',
    hint: 'Ask the operator of the server to enable TLS 1.2 or 1.3',
  },
  'certificate-missing': { what: 'requires a client certificate, and none was sent', hint: CLIENT_CERTIFICATE },
  'certificate-refused': {
    what: 'does not accept the client certificate',
    hint: 'Use a client certificate that is valid, and signed by an authority that the server trusts',
  },
  handshake: {
    what: 'ended the TLS handshake: it requires a client certificate, or has no common cipher',
    hint: CLIENT_CERTIFICATE,
  },
  other: { what: 'failed the TLS handshake', hint: 'Check the address, and the TLS settings of the server' },
}

/** Describes a failed TLS handshake. */
export const describeTlsProblem = (problem: TlsProblem): Advice => PROBLEMS[problem]

/** Alerts by their OpenSSL names. RFC 8446, 6.2. */
const ALERTS: readonly (readonly [RegExp, TlsProblem])[] = [
  [
    /(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE)$/,
    'not-tls',
  ],
  [
    /(?:ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE|UNKNOWN_PROTOCOL|ALERT_INAPPROPRIATE_FALLBACK)$/,
    'version',
  ],
  [/ALERT_CERTIFICATE_REQUIRED$/, 'certificate-missing'],
  [
    /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/,
    'certificate-refused',
  ],
  [/ALERT_HANDSHAKE_FAILURE$/, 'handshake'],
]

/** Classifies a code of OpenSSL as Node reports it: `ERR_SSL_WRONG_VERSION_NUMBER`. `null`: another code. */
export const classifyTlsCode = (code: string): TlsProblem | null =>
  code.startsWith('ERR_SSL_') ? (ALERTS.find(([words]) => words.test(code))?.[1] ?? 'other') : null

/** Parses the code of an `EPROTO` error, which Node states only in its message. `null`: none. */
export const codeInMessage = (message: string): string | null => {
  const [, reason] = /:SSL routines:[^:]{0,80}:([\w /-]{1,60}):/.exec(message) ?? []
  return reason === undefined ? null : `ERR_SSL_${reason.toUpperCase().replaceAll(/\W/g, '_')}`
}
