import { formatCloud, toIdentity } from '@imago/provider-kit'
import { chosenTargets } from '../connect/chosen-targets.ts'
import type { LiveContext } from '../live.ts'
import { printError } from '../message.ts'

/** The names of the clouds of an inventory, each with its region. A cloud with an invalid configuration is reported and skipped. */
export const listCloudNames = (live: LiveContext, names: readonly string[]): readonly string[] => {
  const { targets, errors } = chosenTargets(live, names)
  for (const error of errors) printError(live.messages, error)
  return targets.map((target) => formatCloud(toIdentity(target)))
}
