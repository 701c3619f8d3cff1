import { toSafeText, type ConfigInvalid } from '@imago/core'
import type { ClientOptions } from '@imago/http'
import { configurationError, type LiveCloud, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'

/** Opens a cloud. Loads only the live half of its provider. Never rejects. */
export const openCloud = async (
  providers: readonly Provider[],
  cloud: ProviderCloud,
  connection: ClientOptions,
): Promise<E.Either<ConfigInvalid, LiveCloud>> => {
  try {
    const provider = providers.find(({ name }) => name === cloud.provider)
    if (provider === undefined)
      return E.left(configurationError(cloud.provider, cloud.name, { what: 'unknown provider' }))
    const connector = await provider.connect()
    return E.right(connector.open(cloud, connection))
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    return E.left(
      configurationError(cloud.provider, cloud.name, {
        what: `the provider failed to open the cloud: ${toSafeText(cause)}`,
        hint: 'Report it to the author of the provider',
      }),
    )
  }
}
