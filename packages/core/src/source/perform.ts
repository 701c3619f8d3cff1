import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CapabilityName } from '../capability-names.ts'
import { createErrorSite, unsupported } from '../error/image-error.ts'
import type { ImageSource } from './source.ts'

/** The optional method of a source with this name, without `undefined`. */
export type Method<N extends CapabilityName> = NonNullable<ImageSource[N]>

/**
 * Calls an optional method of `source`. If it is absent, returns `Unsupported` without a request.
 *
 * @example perform(source, 'protect', '42', true)
 */
export const perform = <N extends CapabilityName>(
  source: ImageSource,
  name: N,
  ...args: Parameters<Method<N>>
): ReturnType<Method<N>> => {
  const method = source[name] as ((...args: readonly unknown[]) => unknown) | undefined
  const result =
    method === undefined
      ? TE.left(
          unsupported(createErrorSite(source.cloud, name), {
            what: 'the provider does not support this operation',
            capability: name,
          }),
        )
      : method.apply(source, args)
  return result as ReturnType<Method<N>>
}
