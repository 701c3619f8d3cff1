import { formatError, type ImageReader } from '@imago/core'
import { processEnvironment, type Environment, type Provider } from '@imago/provider-kit'
import { providers as bundled } from 'imago/clouds'
import { existsSync } from 'node:fs'
import type { Output } from '../output/stream.ts'
import { printMessage } from '../message.ts'
import { configPath } from './config-path.ts'
import type { LoadedProviders } from './user-providers.ts'

/** The providers that imago brings, and those of the user's configuration file. What reads that is loaded where there is one. */
export const loadProviders = async (environment: Environment): Promise<LoadedProviders> => {
  const all: readonly Provider[] = bundled
  return existsSync(configPath(environment))
    ? (await import('./user-providers.ts')).withUserProviders(all, environment)
    : { providers: all, problems: [] }
}

/** The readers of those, for a command that asks no cloud: what is wrong with one is a warning. */
export const loadReaders = async (
  process: Pick<NodeJS.Process, 'env' | 'cwd' | 'platform'>,
  messages: Output,
): Promise<readonly ImageReader[]> => {
  const { providers, problems } = await loadProviders(processEnvironment(process))
  for (const problem of problems) printMessage(messages, `imago: warning: ${formatError(problem)}`)
  return providers.map(({ reader }) => reader)
}
