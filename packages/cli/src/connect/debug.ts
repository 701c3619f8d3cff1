import type { Environment } from '@imago/provider-kit'
import type { LiveOptions } from '../live.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'

/** Whether `--debug` is given, or `IMAGO_DEBUG` is set to a value other than `0` and `false`. */
export const isDebugging = ({ debug }: LiveOptions, variables: Environment['variables']): boolean =>
  debug === true || !['', '0', 'false'].includes(variables['IMAGO_DEBUG'] ?? '')

/** Writes each line immediately, because the next step may hang. */
export const debugLines =
  (messages: Output) =>
  (line: string): void => {
    messages.write(`debug: ${visible(line)}\n`)
    void messages.end()
  }
