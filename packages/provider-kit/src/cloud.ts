import type { CloudIdentity, ImageRef } from '@imago/core/provider'

/** Where a setting of a cloud was found. */
export type ConfigOrigin = { readonly file: string } | { readonly variable: string }

/** How the servers of a cloud are trusted. Paths are absolute. */
export interface TlsSettings {
  /** `false`: any certificate is accepted. */
  readonly verify: boolean
  /** Certificates to trust in place of the system's. */
  readonly caFile: string | null
  /** The client's own certificate. */
  readonly certFile: string | null
  /** `null`: the certificate's file holds it. */
  readonly keyFile: string | null
}

/**
 * A configured cloud that has images of its own: one region, where the provider has regions. Clouds of the same provider and name are the regions of
 * one cloud. Secrets in it print as `***`.
 */
export interface ProviderCloud<Settings = unknown> {
  readonly provider: string
  /** The name that the user gave to it in the provider's own configuration, or `envvars` for a cloud of the environment. */
  readonly name: string
  /** `null`: the configuration names none, or the provider has none. */
  readonly region: string | null
  /** Whether the provider's own client uses it when no cloud is named. */
  readonly isDefault: boolean
  /** Every file and variable that it was put together from. */
  readonly origin: readonly ConfigOrigin[]
  /** `null`: verified against the system's certificates. */
  readonly tls: TlsSettings | null
  /** For one request, in milliseconds. `null`: the default. */
  readonly timeoutMs: number | null
  /** Endpoint, credentials and whatever else the provider needs. Only the provider itself reads it. */
  readonly settings: Settings
}

/** How errors and images name a cloud. */
export const toIdentity = ({ provider, name, region }: ProviderCloud): CloudIdentity => ({
  provider,
  cloud: name,
  region,
})

/** `provider/cloud@region`, as a user may type it: exact, whatever else is configured. */
export const formatCloud = ({ provider, cloud, region }: CloudIdentity): string =>
  `${provider}/${cloud ?? ''}${region === null ? '' : `@${region}`}`

/** `provider/cloud@region:id:…`, as a user may type it to mean this image and no other. */
export const formatImageRef = (ref: ImageRef): string => `${formatCloud(ref)}:id:${ref.id}`
