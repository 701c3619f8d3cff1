import type { PeerCertificate, DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'

/** The date by which a certificate is not valid. */
export interface CertificateDate {
  /** RFC 3339: when it ended, or when it begins. */
  readonly date: string
  /** The name of the authority whose certificate it is; `null`: it is the server's own. */
  readonly authority: string | null
}

/** A chain is never longer; a certificate that signed itself ends it. */
const MOST_CERTIFICATES = 10

/** More than this of a name is not repeated. */
const NAME = /^[\w .,'&()*-]{1,100}$/

const chainOf = (leaf: DetailedPeerCertificate): readonly PeerCertificate[] => {
  const chain: DetailedPeerCertificate[] = []
  // Node gives `{}` where there is no certificate, and leaves out an issuer that was not sent.
  for (
    let one: DetailedPeerCertificate | undefined = leaf;
    typeof one?.valid_to === 'string' && !chain.includes(one) && chain.length < MOST_CERTIFICATES;
    one = one.issuerCertificate
  )
    chain.push(one)
  return chain
}

const nameOf = ({ subject }: PeerCertificate): string => {
  const name: unknown = subject?.CN ?? subject?.O
  return typeof name === 'string' && NAME.test(name) ? name : 'an authority'
}

/** The certificate of a chain, and its date, that OpenSSL's verdict is about: the one that ended first, or that begins last. */
export const certificateDate = (code: string, leaf: DetailedPeerCertificate): CertificateDate | null => {
  const hasExpired = code === 'CERT_HAS_EXPIRED'
  if (!hasExpired && code !== 'CERT_NOT_YET_VALID') return null
  const dated = chainOf(leaf).map((certificate, index) => ({
    certificate,
    index,
    time: Date.parse(hasExpired ? certificate.valid_to : certificate.valid_from),
  }))
  const [worst] = dated
    .filter(({ time }) => !Number.isNaN(time))
    .toSorted((one, other) => (hasExpired ? one.time - other.time : other.time - one.time) || one.index - other.index)
  if (worst === undefined) return null
  return {
    date: new Date(worst.time).toISOString().replace('.000Z', 'Z'),
    authority: worst.index === 0 ? null : nameOf(worst.certificate),
  }
}

const isTls = (socket: Socket): socket is TLSSocket => 'getPeerCertificate' in socket

const watched = new WeakSet<Socket>()
const dates = new WeakMap<object, CertificateDate>()

/** Notes the date of a certificate that was not accepted: Node's error has none, and the certificate is gone once the socket is destroyed by it. */
export const noteCertificateDate = (socket: Socket): void => {
  if (!isTls(socket) || watched.has(socket)) return
  watched.add(socket)
  const destroy = socket.destroy.bind(socket)
  socket.destroy = (error?: Error) => {
    const code = (error as NodeJS.ErrnoException | undefined)?.code
    if (error !== undefined && code !== undefined && !socket.destroyed) {
      const date = certificateDate(code, socket.getPeerCertificate(true))
      if (date !== null) dates.set(error, date)
    }
    return destroy(error)
  }
}

/** What was noted of an error; `undefined`: nothing. */
export const findCertificateDate = (error: unknown): CertificateDate | undefined =>
  typeof error === 'object' && error !== null ? dates.get(error) : undefined
