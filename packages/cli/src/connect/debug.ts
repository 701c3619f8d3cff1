import type { Environment } from '@imago/provider-kit'
import type { LiveOptions } from '../live.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'

/** Asked for by `--debug`, or by `IMAGO_DEBUG` with anything but `0` and nothing. */
export const isDebugging = ({ debug }: LiveOptions, variables: Environment['variables']): boolean =>
  debug === true || !['', '0', 'false'].includes(variables['IMAGO_DEBUG'] ?? '')

/** Writes each line at once: it may be the last before something hangs. */
export const debugLines =
  (messages: Output) =>
  (line: string): void => {
    messages.write(`debug: ${visible(line)}\n`)
    void messages.end()
  }
