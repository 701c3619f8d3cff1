import type { Prices } from '@imago/core/provider'
import type { ProviderCloud, Secret } from '@imago/provider-kit'
import type { KeystoneAuth, NoAuth, OidcAuth, ServiceKey, ServiceSettings } from '../options.ts'

/** Login settings with the auth plugin's name in clouds.yaml. */
export type ConfiguredAuth =
  | (KeystoneAuth<Secret> & {
      readonly type: 'password' | 'token' | 'v3applicationcredential' | 'v3totp' | 'v3multifactor'
    })
  | (OidcAuth<Secret> & { readonly type: 'v3oidcaccesstoken' })
  | (NoAuth & { readonly type: 'none' })

/** The complete settings of a service. */
export type ConfiguredService = { readonly [K in keyof ServiceSettings]-?: Exclude<ServiceSettings[K], undefined> }

/** The settings of one region from clouds.yaml, secure.yaml and clouds-public.yaml. */
export interface OpenstackSettings {
  readonly auth: ConfiguredAuth
  readonly services: Readonly<Record<ServiceKey, ConfiguredService>>
  /** What storing images costs, if the user configured it. */
  readonly prices?: Prices | null | undefined
}

/** One region of an OpenStack cloud, with one user and one project. All settings may differ between regions. */
export type OpenstackCloud = ProviderCloud<OpenstackSettings>
