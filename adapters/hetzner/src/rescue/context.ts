import { pricingApi, type PricingApi } from '../api/pricing.ts'
import { serverTypesApi, type ServerTypesApi } from '../api/server-types.ts'
import { sshKeysApi, type SshKeysApi } from '../api/ssh-keys.ts'
import type { SourceContext } from '../source/context.ts'

/** What rescue transfers use: the source's API, and that of temporary servers. */
export interface RescueContext extends SourceContext {
  readonly serverTypes: ServerTypesApi
  readonly sshKeys: SshKeysApi
  readonly pricing: PricingApi
}

export const createRescueContext = (context: SourceContext): RescueContext => ({
  ...context,
  serverTypes: serverTypesApi(context.session),
  sshKeys: sshKeysApi(context.session),
  pricing: pricingApi(context.session),
})
