import type { SourceCheck } from '@imago/transfer'

/** The number of digits shown of a digest. */
const MAX_DIGITS = 16

/** The check of a source in a cell: `sha256 given`, `sha512 of the provider`, `not checked`. */
export const sourceCheckWord = ({ by, digests }: SourceCheck): string => {
  const algorithms = digests.map(({ algorithm }) => algorithm).join('+')
  switch (by) {
    case 'given-digest':
      return `${algorithms} given`
    case 'provider-digest':
      return `${algorithms} of the provider`
    case 'not-checked':
      return 'not checked'
  }
}

/** The check of a source in a sentence. */
export const sourceCheckText = ({ by, digests }: SourceCheck): string => {
  const texts = digests.map((digest) => {
    const from =
      digest.from === undefined || digest.from === null
        ? ''
        : ` from ${digest.from}${digest.signature === 'not-verified' ? ' (signature not verified)' : ''}`
    return `${digest.algorithm}:${digest.value.slice(0, MAX_DIGITS)}…${from}`
  })
  switch (by) {
    case 'given-digest':
      return `to be checked against ${texts.join(' and ')}`
    case 'provider-digest':
      return `to be checked against the provider's ${texts.join(' and ')}`
    case 'not-checked':
      return 'will not be checked: no digest is known'
  }
}
