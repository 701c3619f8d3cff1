import type { ImageError } from '@imago/core'
import { formatErrorLine } from './live-problem.ts'
import { maskSecrets } from './output/mask.ts'
import type { Output } from './output/stream.ts'
import { visible } from './output/visible.ts'

/** A line for people. Names from strangers drive no terminal in it, and URLs carry no secrets. */
export const printMessage = (messages: Output, text: string): void => messages.write(`${visible(maskSecrets(text))}\n`)

/** The line of an error that does not end the command. Of what was aborted there is none: why all of it was, is said once, in the end. */
export const printError = (messages: Output, error: ImageError): void => {
  if (error._tag !== 'Aborted') printMessage(messages, `imago: ${formatErrorLine(error)}`)
}

/** Lines that stand below a describeEvent, if there are any: what to choose from. */
export const printLines = (messages: Output, lines: string | null): void => {
  for (const line of lines?.split('\n') ?? []) printMessage(messages, `  ${line}`)
}
