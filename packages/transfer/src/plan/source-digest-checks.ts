import { isWeak } from '../digests/algorithm.ts'
import { findContradiction } from '../digests/expected-digest.ts'
import { returnsRawDisks } from './format.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PreflightInput } from './preflight-input.ts'

const getBaseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? ''

export const checkSourceDigests = ({
  source,
  overrides: { sourceDigests = [] },
}: PreflightInput): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = []
  if (source.kind === 'url' && sourceDigests.length === 0) {
    checks.push(
      createWarning(
        'source-digest',
        `the bytes of the URL are not verified: no digest of their publisher is given${source.size === null ? ', and the server does not report their size, so a truncated download is not noticed' : ''}`,
        'Give the digest that the publisher states',
        { parameter: 'sourceDigests', values: [] },
      ),
    )
  }
  const contradiction = findContradiction(sourceDigests)
  if (contradiction !== null) {
    const [one, other] = contradiction
    checks.push(
      createBlocker(
        'source-digest',
        `two different ${one.algorithm} digests are given for the source: ${one.value}, ${other.value}`,
        'Give only the correct digest',
      ),
    )
  }
  const declared =
    source.kind === 'image' && !returnsRawDisks(source)
      ? source.image.digests.filter(({ of, assertedBy }) => of === 'stored' && assertedBy === 'provider')
      : []
  const denied = sourceDigests.find(({ algorithm, value }) =>
    declared.some((one) => one.algorithm === algorithm && one.value.toLowerCase() !== value),
  )
  if (denied !== undefined)
    checks.push(
      createBlocker(
        'source-digest',
        `the ${denied.algorithm} digest of the source differs from the one ${denied.from === null ? 'that was given' : `in ${denied.from}`}`,
        'Choose another image, or give the digest of this one',
      ),
    )
  if (sourceDigests.length > 0 && sourceDigests.every(({ algorithm }) => isWeak(algorithm))) {
    const weak = [...new Set(sourceDigests.map(({ algorithm }) => algorithm))]
    checks.push(
      createWarning(
        'source-digest',
        `${weak.join(' and ')} ${weak.length === 1 ? 'is weak: it detects' : 'are weak: they detect'} damage, but not an attack`,
        'Give a sha256 or sha512 digest if the publisher has one',
      ),
    )
  }
  for (const { from, signature, name } of sourceDigests) {
    if (from === null) continue
    if (signature === 'not-verified')
      checks.push(
        createWarning(
          'source-digest',
          `${from} is signed, but imago does not verify signatures`,
          'Verify it with gpg before you trust the digest',
        ),
      )
    if (from.startsWith('http://'))
      checks.push(
        createWarning(
          'source-digest',
          `${from} was fetched without TLS: whoever can change the image in transit can change its digest`,
          'Fetch it by https',
        ),
      )
    const own =
      source.kind === 'image'
        ? (source.image.name ?? '')
        : getBaseName(source.kind === 'file' ? source.path : source.url.replace(/[?#].*$/s, ''))
    if (name !== null && getBaseName(name) !== own)
      checks.push(
        createWarning(
          'source-digest',
          `the digest in ${from} is for ${name}, ${own === '' ? 'and the source has no name to compare' : `but the source is named ${own}`}`,
          'Check that it is the same image',
        ),
      )
  }
  return checks
}
