import type { ImageError } from '@imago/core'
import { formatErrorLine } from './live-problem.ts'
import { maskSecrets } from './output/mask.ts'
import type { Output } from './output/stream.ts'
import { visible } from './output/visible.ts'

/** Prints a message line. Control characters are made visible, and secrets are masked. */
export const printMessage = (messages: Output, text: string): void => messages.write(`${visible(maskSecrets(text))}\n`)

/** Whether a command that prints rows ends with a summary: on a terminal, and instead of a table without rows, which would be no output at all. */
export const hasSummary = (
  { isTerminal }: Output,
  { quiet, output }: { readonly quiet?: boolean | undefined; readonly output: string },
  rows: number,
): boolean => quiet !== true && (isTerminal || (rows === 0 && output === 'table'))

/** Prints an error that does not end the command. `Aborted` is not printed: the end of the command reports it once. */
export const printError = (messages: Output, error: ImageError): void => {
  if (error._tag !== 'Aborted') printMessage(messages, `imago: ${formatErrorLine(error)}`)
}

/** Prints lines below a message, such as choices. `null`: none. */
export const printLines = (messages: Output, lines: string | null): void => {
  for (const line of lines?.split('\n') ?? []) printMessage(messages, `  ${line}`)
}
