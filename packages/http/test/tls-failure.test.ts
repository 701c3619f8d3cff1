import { formatError, createErrorSite } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TlsOptions } from '../src/tls-settings.ts'
import { createTransport } from '../src/transport.ts'
import { certificateDate } from '../src/certificate-date.ts'
import { decideOnFailure } from '../src/retry.ts'
import { toImageErrorFromFailure } from '../src/image-error.ts'
import { codeInMessage, classifyTlsCode } from '../src/tls-failure.ts'
import { CERT, serve, serveRaw, serveTls } from './server.ts'

const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8')
const SITE = createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'login')
const TRUSTING: TlsOptions = { verify: true, ca: CERT }

/** The message of a failure, which must be a configuration error without a retry. */
const messageAt = async (url: string, tls: TlsOptions = { verify: true }): Promise<string> => {
  const { client, close } = createTransport({ tls })
  const outcome = await client({ method: 'POST', url, body: { kind: 'json', value: 1 } })()
  close()
  if (E.isRight(outcome)) throw new Error(`answered ${outcome.right.status}`)
  expect(decideOnFailure(outcome.left)).toBe('never')
  const error = toImageErrorFromFailure(outcome.left, SITE)
  expect(error._tag).toBe('ConfigInvalid')
  return formatError(error).replace(/(?<=127\.0\.0\.1):\d+/, ':PORT')
}

const asHttps = (url: string): string => url.replace('http:', 'https:')

describe('TLS failures', () => {
  it.each([
    [
      'expired.pem',
      'openstack/lab: login: the certificate of https://127.0.0.1:PORT expired at 2020-02-01T00:00:00Z (CERT_HAS_EXPIRED). Renew the certificate of the server; if its dates are right, set the clock of this machine',
    ],
    [
      'future.pem',
      'openstack/lab: login: the certificate of https://127.0.0.1:PORT is not valid before 2090-01-01T00:00:00Z (CERT_NOT_YET_VALID). Renew the certificate of the server; if its dates are right, set the clock of this machine',
    ],
    [
      'other-name.pem',
      'openstack/lab: login: the certificate of https://127.0.0.1:PORT is for another host name: glance.example, *.cloud.example (ERR_TLS_CERT_ALTNAME_INVALID). Use an address with a name that the certificate is for, or correct the certificate of the server',
    ],
  ])('describes the problem of the certificate %s', async (name, message) => {
    const cert = fixture(name)
    const server = await serveTls((_, response) => response.end(), { cert })
    expect(await messageAt(server.url, { verify: true, ca: cert })).toBe(message)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('reports an expired certificate of an issuer, with %s', async (version) => {
    const server = await serveTls((_, response) => response.end(), {
      cert: fixture('expired-issuer.pem'),
      minVersion: version,
      maxVersion: version,
    })
    expect(await messageAt(server.url, { verify: true, ca: fixture('root.pem') })).toMatch(
      /the certificate of https:\/\/127\.0\.0\.1:PORT is signed by Example Issuing CA, whose certificate expired at 2021-03-01T12:30:00Z \(CERT_HAS_EXPIRED\)\. Renew/,
    )
    expect(server.connections()).toBe(1)
  })

  it('includes the date through a proxy', async () => {
    const cert = fixture('expired.pem')
    const server = await serveTls((_, response) => response.end(), { cert })
    const proxy = await serve(() => undefined)
    proxy.server.on('connect', (request, socket) => {
      const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        upstream.pipe(socket).pipe(upstream)
      })
      socket.on('error', () => upstream.destroy())
      upstream.on('error', () => socket.destroy())
    })
    const { client, close } = createTransport({
      tls: { verify: true, ca: cert },
      proxy: { http: null, https: proxy.url, except: '' },
    })
    expect(await client({ method: 'GET', url: server.url })()).toMatchObject(
      E.left({ _tag: 'Untrusted', code: 'CERT_HAS_EXPIRED', date: { date: '2020-02-01T00:00:00Z', authority: null } }),
    )
    close()
  })

  it('returns no date for a chain without dates or with a cycle', () => {
    const round: { issuerCertificate?: unknown; valid_to: string; valid_from: string; subject: unknown } = {
      valid_to: 'never',
      valid_from: 'ever',
      subject: {},
    }
    round.issuerCertificate = round
    expect(certificateDate('CERT_HAS_EXPIRED', round as never)).toBeNull()
    expect(certificateDate('CERT_HAS_EXPIRED', {} as never)).toBeNull()
    expect(certificateDate('CERT_REVOKED', { valid_to: 'Feb  1 00:00:00 2020 GMT' } as never)).toBeNull()
  })

  it('reports a self-signed certificate', async () => {
    const server = await serveTls((_, response) => response.end())
    expect(await messageAt(server.url)).toMatch(
      /^openstack\/lab: login: the certificate of https:\/\/127\.0\.0\.1:PORT is self-signed and not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. If you trust it, save it to a file, and set cacert in clouds\.yaml/,
    )
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'reports that a client certificate is required, with %s',
    async (version) => {
      const server = await serveTls((_, response) => response.end(), {
        requestCert: true,
        rejectUnauthorized: true,
        ca: CERT,
        maxVersion: version,
        minVersion: version,
      })
      expect(await messageAt(server.url, TRUSTING)).toMatch(
        /requires a client certificate.*\(ERR_SSL_\w+\)\. Set the client certificate and its key in the configuration of this cloud/,
      )
    },
  )

  /** Responds to the first message of a handshake with an alert. RFC 8446, 6. */
  const alerting = (alert: number): Promise<string> =>
    serveRaw((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, alert]))),
    )

  it.each([42, 43, 44, 45, 46, 48, 49])(
    'reports that the client certificate is not accepted (alert %i)',
    async (alert) => {
      expect(await messageAt(asHttps(await alerting(alert)))).toMatch(
        /https:\/\/127\.0\.0\.1:PORT does not accept the client certificate \(ERR_SSL_\w+\)\. Use a client certificate that is valid/,
      )
    },
  )

  it('lists possible causes if the server sends none', async () => {
    expect(await messageAt(asHttps(await alerting(40)))).toMatch(
      /ended the TLS handshake: it requires a client certificate, or has no common cipher/,
    )
    expect(await messageAt(asHttps(await alerting(80)))).toMatch(/failed the TLS handshake/)
  })

  it('reports that no common TLS version exists', async () => {
    const server = await serveTls((_, response) => response.end(), {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    expect(await messageAt(server.url, TRUSTING)).toMatch(
      /https:\/\/127\.0\.0\.1:PORT supports no TLS version of this machine.*Ask the operator of the server to enable TLS 1\.2 or 1\.3$/,
    )
  })

  it.each(['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-OpenSSH_9.6\r\n', '220 mail.example ESMTP\r\n'])(
    'reports a port without TLS that responds %j',
    async (answer) => {
      const url = await serveRaw((socket) => socket.on('error', () => undefined).once('data', () => socket.end(answer)))
      expect(await messageAt(asHttps(url))).toMatch(
        /https:\/\/127\.0\.0\.1:PORT does not use TLS \(ERR_SSL_\w+\)\. Use an http address, or the port with TLS$/,
      )
    },
  )

  it('reports that an http port does not use TLS', async () => {
    const server = await serve((_, response) => response.end())
    expect(await messageAt(asHttps(server.url))).toMatch(/does not use TLS/)
  })

  it('reports that a TLS port requires https', async () => {
    const url = await serveRaw((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]))),
    )
    expect(await messageAt(url)).toMatch(/http:\/\/127\.0\.0\.1:PORT requires TLS \(HPE_\w+\)\. Use an https address$/)
  })

  it('reports a connection closed during the handshake as temporary', async () => {
    const ended = await serveRaw((socket) => socket.destroy())
    const { client, close } = createTransport()
    expect(await client({ method: 'GET', url: asHttps(ended) })()).toMatchObject(
      E.left({ _tag: 'Network', code: 'ECONNRESET' }),
    )
    close()
  })

  it.each([
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'certificate-refused'],
    ['ERR_SSL_SSL_TLS_ALERT_BAD_CERTIFICATE', 'certificate-refused'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'certificate-refused'],
    ['ERR_SSL_SSL_TLS_ALERT_HANDSHAKE_FAILURE', 'handshake'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'version'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'version'],
    ['ERR_SSL_BAD_SIGNATURE', 'other'],
    ['ECONNRESET', null],
  ])('classifies %s as %s', (code, problem) => {
    expect(classifyTlsCode(code)).toBe(problem)
  })

  it('parses the code in the message of an EPROTO error', () => {
    expect(
      codeInMessage(
        'write EPROTO 80:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 70\n',
      ),
    ).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
    expect(codeInMessage('write EPROTO 80:error:0A000410:SSL routines::ssl/tls alert handshake failure:rec.c:1:')).toBe(
      'ERR_SSL_SSL_TLS_ALERT_HANDSHAKE_FAILURE',
    )
    expect(codeInMessage('protocol error')).toBeNull()
  })
})
