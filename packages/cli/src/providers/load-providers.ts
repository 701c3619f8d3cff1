import { formatError, type ImageReader } from '@imago/core'
import { processEnvironment, type Environment, type Provider } from '@imago/provider-kit'
import { providers as bundled } from 'imago/clouds'
import { existsSync } from 'node:fs'
import type { Output } from '../output/stream.ts'
import { printMessage } from '../message.ts'
import { configPath } from './config-path.ts'
import type { LoadedProviders } from './user-providers.ts'

/** Loads imago's providers and those of the user's configuration. The code that reads the configuration is loaded only if the file exists. */
export const loadProviders = async (environment: Environment): Promise<LoadedProviders> => {
  const all: readonly Provider[] = bundled
  return existsSync(configPath(environment))
    ? (await import('./user-providers.ts')).withUserProviders(all, environment)
    : { providers: all, problems: [] }
}

/** Loads the readers of all providers, for commands that contact no cloud. A provider that cannot be loaded is a warning. */
export const loadReaders = async (
  process: Pick<NodeJS.Process, 'env' | 'cwd' | 'platform'>,
  messages: Output,
): Promise<readonly ImageReader[]> => {
  const { providers, problems } = await loadProviders(processEnvironment(process))
  for (const problem of problems) printMessage(messages, `imago: warning: ${formatError(problem)}`)
  return providers.map(({ reader }) => reader)
}
