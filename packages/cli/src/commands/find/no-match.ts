import { toValueList, type AnyOf } from '@imago/core'
import { EXIT } from '../../exit-code.ts'
import { givenSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { Problem } from '../../problem.ts'
import { parseImageAddress, resolveTargets } from '../../resolve-image.ts'
import { imageNotFound } from '../../suggest-image.ts'
import type { FindImageOptions } from './options.ts'

/** The problem that no image matches, with a way to widen the selection. */
export const describeNoMatch = async (
  address: string | undefined,
  options: FindImageOptions,
  live: LiveContext,
): Promise<Problem> => {
  const { newest, kind, status } = options
  const isNarrowed = newest === true && (kind === undefined || status === undefined)
  const among = [
    ...(status === undefined ? ['available images'] : ['images']),
    ...(kind === undefined ? ['of kind system, app or image'] : []),
  ].join(' ')
  const detail = isNarrowed ? ` among ${among}` : ''
  const widen = kind === undefined ? 'To include other kinds, add --kind' : 'To include other states, add --status'
  if (address === undefined)
    return new Problem(
      `no image matches${isNarrowed ? detail : ' the selection'}. ${isNarrowed ? widen : 'Check the options that select images'}`,
      EXIT.notFound,
    )
  const parsed = parseImageAddress(address)
  const given = givenSelection(options).flatMap((name) =>
    toValueList(options[name] as AnyOf<string>).map((value) => `--${name} ${value}`),
  )
  const settings = isNarrowed
    ? { detail, advice: widen }
    : given.length === 0
      ? {}
      : {
          detail: ` with ${given.join(' ')}`,
          advice: `Change or omit ${[...new Set(given.map((one) => one.split(' ')[0]))].join(', ')}`,
        }
  return new Problem(await imageNotFound(live, resolveTargets(live, parsed.cloud), parsed, settings), EXIT.notFound)
}
