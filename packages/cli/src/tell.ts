import type { ImageError } from '@imago/core'
import { sentenceOf } from './live-problem.ts'
import { maskSecrets } from './output/mask.ts'
import type { Output } from './output/stream.ts'
import { visible } from './output/visible.ts'

/** A line for people. Names from strangers drive no terminal in it, and URLs carry no secrets. */
export const tell = (talk: Output, text: string): void => talk.write(`${visible(maskSecrets(text))}\n`)

/** The line of an error that does not end the command. Of what was aborted there is none: why all of it was, is said once, in the end. */
export const tellError = (talk: Output, error: ImageError): void => {
  if (error._tag !== 'Aborted') tell(talk, `imago: ${sentenceOf(error)}`)
}

/** Lines that stand below a sentence, if there are any: what to choose from. */
export const tellLines = (talk: Output, lines: string | null): void => {
  for (const line of lines?.split('\n') ?? []) tell(talk, `  ${line}`)
}
