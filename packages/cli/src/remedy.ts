import type { ImageError, ParameterChange } from '@imago/core'

/** The option of the command for each parameter that the library advises to change. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['accept', '--accept'],
  ['allow', '--allow'],
  ['architecture', '--set-arch'],
  ['archive', '--archive'],
  ['compression', '--compression'],
  ['diskFormat', '--disk-format'],
  ['member', '--member'],
  ['properties', '--set-property'],
  ['sourceDigests', '--digest'],
  ['sourceFormat', '--source-format'],
  ['store', '--store'],
  ['trustDirectory', '--trust-directory'],
])

const formatChange = ({ parameter, values }: ParameterChange): readonly string[] => {
  const option = OPTIONS.get(parameter)
  if (option === undefined) return []
  return values.length === 0 ? [option] : values.map((value) => `${option} ${value}`)
}

/** A hint of the library with the options that carry it out: `Accept the verification level size-match (--accept size-match)`. */
export const addOptions = (hint: string, changes: readonly ParameterChange[] = []): string => {
  const options = changes.flatMap(formatChange)
  return options.length === 0 ? hint : `${hint} (${options.join(' or ')})`
}

/** The error with the options of the command in its hint. */
export const withOptions = <E extends ImageError>(error: E): E => ({
  ...error,
  hint: addOptions(error.hint, error.changes),
})
