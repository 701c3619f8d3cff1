/** TLS authentication of server and client. Values are PEM text, not paths. */
export interface TlsOptions {
  /** `false` accepts any certificate. Environment variables have no effect. */
  readonly verify: boolean
  /** The trusted authorities. Default: those of Node. */
  readonly ca?: string | undefined
  /** The client certificate and its key. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** The options of Node. */
export interface TlsSettings {
  readonly rejectUnauthorized: boolean
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** Converts options for Node. Omits undefined keys, which Node would not treat as absent. */
export const toTlsSettings = ({ verify, ca, cert, key }: TlsOptions): TlsSettings => ({
  rejectUnauthorized: verify,
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
})
