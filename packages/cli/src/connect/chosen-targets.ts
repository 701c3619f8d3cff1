import type { ImageError } from '@imago/core'
import { formatCloud, toIdentity, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { chooseClouds } from 'imago/clouds'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import { Problem } from '../problem.ts'
import { formatSuggestion } from '../format-suggestion.ts'

/** What to do without a configured cloud. */
const CONFIGURE = 'Configure one, or start local ones with: imago simulate'

/** The error message if no cloud is configured. */
export const nothingConfigured = (providers: readonly Provider[]): string => {
  const ways = providers.flatMap(({ configuredBy }) => configuredBy)
  return `no cloud is configured (checked: ${ways.join(', ')}). ${CONFIGURE}`
}

/** The error with a similar name of a configured cloud in its hint. */
export const withCloudSuggestion = (
  error: ImageError,
  typed: string,
  { clouds }: Pick<LiveContext['discovered'], 'clouds'>,
): ImageError => {
  if (error._tag !== 'NotFound') return error
  if (clouds.length === 0) return { ...error, hint: CONFIGURE }
  const names = clouds.flatMap(({ provider, name }) => [name, `${provider}/${name}`])
  const suggestion = formatSuggestion(typed, names).slice(2)
  return suggestion === '' ? error : { ...error, hint: `${suggestion} ${error.hint}` }
}

/** The clouds that a command uses, and the errors of those that it cannot use. */
export interface ChosenTargets {
  readonly targets: readonly ProviderCloud[]
  readonly errors: readonly ImageError[]
}

/**
 * The clouds named by `names` (`[provider/]cloud[@region]`), each region once, in that order; without names, all configured clouds. An unknown name
 * ends the command. A cloud with an invalid configuration is skipped.
 */
export const chosenTargets = (
  { discovered, providers }: Pick<LiveContext, 'discovered' | 'providers'>,
  names: readonly string[],
): ChosenTargets => {
  if (names.length === 0) {
    if (discovered.clouds.length === 0 && discovered.problems.length === 0)
      throw new Problem(nothingConfigured(providers))
    return { targets: discovered.clouds, errors: discovered.problems }
  }
  const errors: ImageError[] = []
  const targets = new Map<string, ProviderCloud>()
  for (const name of names) {
    const chosen = chooseClouds(discovered, providers, name)
    if (E.isRight(chosen)) for (const cloud of chosen.right) targets.set(formatCloud(toIdentity(cloud)), cloud)
    else if (chosen.left._tag === 'ConfigInvalid') errors.push(chosen.left)
    else throw toProblem(withCloudSuggestion(chosen.left, name, discovered))
  }
  return { targets: [...targets.values()], errors }
}
