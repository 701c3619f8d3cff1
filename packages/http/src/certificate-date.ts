import type { PeerCertificate, DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'

/** The date that makes a certificate invalid. */
export interface CertificateDate {
  /** RFC 3339: when it expired, or becomes valid. */
  readonly date: string
  /** The name of the authority that owns the certificate; `null`: it is the server's own. */
  readonly authority: string | null
}

/** The longest chain that is read. A self-signed certificate ends it. */
const MAX_CERTIFICATES = 10

/** Names that may appear in an error. */
const NAME = /^[\w .,'&()*-]{1,100}$/

const listChain = (leaf: DetailedPeerCertificate): readonly PeerCertificate[] => {
  const chain: DetailedPeerCertificate[] = []
  // Node returns `{}` without a certificate, and omits an issuer that was not sent.
  for (
    let one: DetailedPeerCertificate | undefined = leaf;
    typeof one?.valid_to === 'string' && !chain.includes(one) && chain.length < MAX_CERTIFICATES;
    one = one.issuerCertificate
  )
    chain.push(one)
  return chain
}

const formatName = ({ subject }: PeerCertificate): string => {
  const name: unknown = subject?.CN ?? subject?.O
  return typeof name === 'string' && NAME.test(name) ? name : 'an authority'
}

/** The date of the certificate that OpenSSL refused: the one in the chain that expired first, or becomes valid last. */
export const certificateDate = (code: string, leaf: DetailedPeerCertificate): CertificateDate | null => {
  const hasExpired = code === 'CERT_HAS_EXPIRED'
  if (!hasExpired && code !== 'CERT_NOT_YET_VALID') return null
  const dated = listChain(leaf).map((certificate, index) => ({
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
    authority: worst.index === 0 ? null : formatName(worst.certificate),
  }
}

const isTls = (socket: Socket): socket is TLSSocket => 'getPeerCertificate' in socket

const watched = new WeakSet<Socket>()
const dates = new WeakMap<object, CertificateDate>()

/** Records the date of a refused certificate: Node's error does not contain it, and destroying the socket discards the certificate. */
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

/** The recorded date of an error; `undefined`: none. */
export const findCertificateDate = (error: unknown): CertificateDate | undefined =>
  typeof error === 'object' && error !== null ? dates.get(error) : undefined
