import type { ImageError, ParameterChange } from '@imago/core'
import { createErrorSite, unsupported } from '@imago/core/provider'

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
  ['spoolLimit', '--spool-limit'],
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

/** The library's hint for unsupported operations without a hint of their own. */
const SEE_CAPABILITIES = unsupported(createErrorSite({ provider: 'imago', cloud: null }, ''), {
  what: '',
  capability: 'hide',
}).hint

/** The hint of an error. If the library refers to the capabilities of a cloud: the command that lists them. */
const getHint = ({ hint, provider, cloud }: ImageError): string =>
  hint === SEE_CAPABILITIES && cloud !== null
    ? `To list what the cloud supports: imago capabilities ${provider}/${cloud}`
    : hint

/** The error with the options of the command in its hint. */
export const withOptions = <E extends ImageError>(error: E): E => ({
  ...error,
  hint: addOptions(getHint(error), error.changes),
})
