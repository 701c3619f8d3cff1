import type { ProviderCloud, Secret } from '@imago/provider-kit'
import type { KeystoneAuth, NoAuth, OidcAuth, ServiceKey, ServiceSettings } from '../options.ts'

/** How to log in, and by which auth plugin, as clouds.yaml names it. */
export type ConfiguredAuth =
  | (KeystoneAuth<Secret> & {
      readonly type: 'password' | 'token' | 'v3applicationcredential' | 'v3totp' | 'v3multifactor'
    })
  | (OidcAuth<Secret> & { readonly type: 'v3oidcaccesstoken' })
  | (NoAuth & { readonly type: 'none' })

/** The settings of a service, nothing left out. */
export type ConfiguredService = { readonly [K in keyof ServiceSettings]-?: Exclude<ServiceSettings[K], undefined> }

/** What clouds.yaml and its companions say of one region. */
export interface OpenstackSettings {
  readonly auth: ConfiguredAuth
  readonly services: Readonly<Record<ServiceKey, ConfiguredService>>
}

/** One region of an OpenStack cloud, as one user in one project: everything may differ from one region to the next. */
export type OpenstackCloud = ProviderCloud<OpenstackSettings>
