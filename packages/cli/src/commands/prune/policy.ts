import { parseGrouping, parseRetention, type Grouping, type Retention } from '@imago/lifecycle'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../../exit-code.ts'
import { givenSelection } from '../../listing/query-options.ts'
import { Problem } from '../../problem.ts'
import type { PruneOptions } from './options.ts'

/** The retention policy of the options. */
export interface Policy {
  readonly retention: Retention | undefined
  readonly grouping: Grouping | undefined
  /** The maximum number of images to delete. */
  readonly maxDeleted: number
}

const parseMax = (text: string | undefined): number => {
  if (text === undefined) return Infinity
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Problem(`--max: invalid value ${JSON.stringify(text)}. Use a whole number such as 20`, EXIT.usage)
}

const orUsage = <A>(option: string, text: string, parsed: E.Either<string, A>): A => {
  if (E.isRight(parsed)) return parsed.right
  throw new Problem(`${option}: invalid value ${JSON.stringify(text)}: ${parsed.left}`, EXIT.usage)
}

/** Parses the policy. Options without a policy or selection are refused, because they would delete every unused image. */
export const parsePolicy = (options: PruneOptions): Policy => {
  const { keep, by, max } = options
  // --unused alone would also delete every unused image.
  const selecting = givenSelection(options).filter((name) => name !== 'unused' && name !== 'used')
  if (keep === undefined && selecting.length === 0)
    throw new Problem('prune needs --keep, or options that select images, such as --older-than 1y', EXIT.usage)
  if (by !== undefined && keep === undefined)
    throw new Problem('--by groups images for --keep: add --keep, such as --keep newest:3', EXIT.usage)
  return {
    retention: keep === undefined ? undefined : orUsage('--keep', keep, parseRetention(keep)),
    grouping: by === undefined ? undefined : orUsage('--by', by, parseGrouping(by)),
    maxDeleted: parseMax(max),
  }
}
