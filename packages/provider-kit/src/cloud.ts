import type { CloudIdentity, ImageRef } from '@imago/core/provider'

/** The file or variable that a setting comes from. */
export type ConfigOrigin = { readonly file: string } | { readonly variable: string }

/** The TLS settings for the servers of a cloud. Paths are absolute. */
export interface TlsSettings {
  /** `false`: accept any certificate. */
  readonly verify: boolean
  /** Certificates to trust instead of the system's. */
  readonly caFile: string | null
  /** The client certificate. */
  readonly certFile: string | null
  /** `null`: the file of the certificate also holds the key. */
  readonly keyFile: string | null
}

/**
 * A configured cloud with its own images: one region, if the provider has regions. Clouds of the same provider and name are the regions of one cloud.
 * Its secrets print as `***`.
 */
export interface ProviderCloud<Settings = unknown> {
  readonly provider: string
  /** The name in the provider's own configuration, or `envvars` for a cloud that environment variables configure. */
  readonly name: string
  /** `null`: the configuration names no region, or the provider has none. */
  readonly region: string | null
  /** Whether the provider's own client uses this cloud by default. */
  readonly isDefault: boolean
  /** Every file and variable that contributed a setting. */
  readonly origin: readonly ConfigOrigin[]
  /** `null`: verify against the system's certificates. */
  readonly tls: TlsSettings | null
  /** The timeout of one request, in milliseconds. `null`: the default. */
  readonly timeoutMs: number | null
  /** Endpoint, credentials and other settings of the provider. Only the provider itself reads them. */
  readonly settings: Settings
}

/** Converts a cloud to the identity that errors and images contain. */
export const toIdentity = ({ provider, name, region }: ProviderCloud): CloudIdentity => ({
  provider,
  cloud: name,
  region,
})

/** Formats `provider/cloud@region`: the unambiguous name that commands accept. */
export const formatCloud = ({ provider, cloud, region }: CloudIdentity): string =>
  `${provider}/${cloud ?? ''}${region === null ? '' : `@${region}`}`

/** Formats `provider/cloud@region:id:…`: the unambiguous reference that commands accept. */
export const formatImageRef = (ref: ImageRef): string => `${formatCloud(ref)}:id:${ref.id}`
