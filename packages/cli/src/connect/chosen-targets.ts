import type { ImageError } from '@imago/core'
import { formatCloud, toIdentity, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { chooseClouds } from 'imago/clouds'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import { Problem } from '../problem.ts'

/** The error message if no cloud is configured. */
export const nothingConfigured = (providers: readonly Provider[]): string => {
  const ways = providers.flatMap(({ configuredBy }) => configuredBy)
  return `no cloud is configured (checked: ${ways.join(', ')}). To use simulated clouds, run: imago simulate`
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
    else throw toProblem(chosen.left)
  }
  return { targets: [...targets.values()], errors }
}
