import { chooseCloud } from '@imago/config'
import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { problemOf } from '../live-problem.ts'
import { Problem } from '../problem.ts'
import { identityOf, nameOf, targetsOf, type Target } from './target.ts'

/** What to say where no cloud is configured. */
export const NOTHING_CONFIGURED = 'no cloud is configured: there is no hcloud context, no clouds.yaml, no HCLOUD_TOKEN and no OS_AUTH_URL'

/** The targets that a command goes to, and why some cannot be used. */
export interface ChosenTargets {
  readonly targets: readonly Target[]
  readonly errors: readonly ImageError[]
}

/**
 * The targets that `names` name (`[provider/]cloud[@region]`), each once, in that order; without a name, all that are configured.
 * A name that is nobody's ends the command; a cloud that is there and broken costs itself.
 */
export const chosenTargets = ({ findings }: Pick<LiveContext, 'findings'>, names: readonly string[]): ChosenTargets => {
  if (names.length === 0) {
    if (findings.clouds.length === 0 && findings.problems.length === 0) throw new Problem(NOTHING_CONFIGURED)
    return { targets: findings.clouds.flatMap(targetsOf), errors: findings.problems }
  }
  const errors: ImageError[] = []
  const targets = new Map<string, Target>()
  for (const name of names) {
    const chosen = chooseCloud(findings, name)
    if (E.isRight(chosen)) for (const target of targetsOf(chosen.right)) targets.set(nameOf(identityOf(target)), target)
    else if (chosen.left._tag === 'ConfigInvalid') errors.push(chosen.left)
    else throw problemOf(chosen.left)
  }
  return { targets: [...targets.values()], errors }
}
