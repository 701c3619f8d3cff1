import { toSafeText, type ConfigInvalid } from '@imago/core'
import { configurationError, displayPath, getPathModule, type Environment, type Provider } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { checkProvider } from './check-provider.ts'
import { readUserConfig } from './config-file.ts'
import { configPath } from './config-path.ts'
import { loadModule } from './load-module.ts'

/** The loaded providers, and the errors of those that could not be loaded. */
export interface LoadedProviders {
  readonly providers: readonly Provider[]
  readonly problems: readonly ConfigInvalid[]
}

const load = async (specifier: string, folder: string): Promise<E.Either<string, Provider>> => {
  const exported = await loadModule(specifier, folder)
  return E.isLeft(exported) ? exported : checkProvider(exported.right)
}

/** Adds the providers of the user's configuration to `bundled`. One that cannot be loaded is reported, and the others are used. */
export const withUserProviders = async (
  bundled: readonly Provider[],
  environment: Environment,
): Promise<LoadedProviders> => {
  const config = await readUserConfig(environment)
  if (E.isLeft(config)) return { providers: bundled, problems: [config.left] }
  const path = configPath(environment)
  const folder = getPathModule(environment).dirname(path)
  const providers = [...bundled]
  const problems: ConfigInvalid[] = []
  const refuse = (specifier: string, why: string): void => {
    problems.push(
      configurationError('imago', null, {
        what: `provider ${JSON.stringify(toSafeText(specifier))} cannot be used: ${why}`,
        hint: `Correct it, or remove it from ${displayPath(environment, path)}`,
      }),
    )
  }
  for (const specifier of new Set(config.right.providers)) {
    const provider = await load(specifier, folder)
    if (E.isLeft(provider)) refuse(specifier, provider.left)
    else if (providers.some(({ name }) => name === provider.right.name))
      refuse(specifier, `a provider named ${provider.right.name} already exists`)
    else providers.push(provider.right)
  }
  return { providers, problems }
}
