/** How the server proves who it is, and how the client does. Contents in PEM, not paths. */
export interface TlsOptions {
  /** `false` accepts any certificate. Whatever the environment says: only this counts. */
  readonly verify: boolean
  /** The authorities to trust, in place of the usual ones. */
  readonly ca?: string | undefined
  /** The client's own certificate and its key. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** As Node takes them. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Without the keys that are not given: Node reads `undefined` as a value of its own. */
export const toTlsSettings = ({ verify, ca, cert, key }: TlsOptions): TlsSettings => ({
  rejectUnauthorized: verify,
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
})
