import { integrityFailed, type Digest, type ErrorSite, type ImageError } from '@imago/core'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { SourceCheck } from '../journal/source-check.ts'
import type { Plan, PlanSource } from '../plan/plan.ts'
import { selectComparable, type Measured } from './meter.ts'

/** The digests that the source's provider declares for the bytes that are downloaded. */
export const declaredDigests = (source: PlanSource): readonly Digest[] =>
  source.kind === 'image' && source.exact ? source.digests : []

export const expectedDigests = ({ expected = [] }: PlanSource): readonly ExpectedDigest[] => expected

/** How a run of this plan checks its source before the target has all bytes. */
export const describeSourceCheck = ({ source }: Pick<Plan, 'source'>): SourceCheck => {
  const expected = expectedDigests(source)
  if (expected.length > 0)
    return {
      by: 'given-digest',
      digests: expected.map(({ algorithm, value, from, signature }) => ({ algorithm, value, from, signature })),
    }
  const [declared] = selectComparable(declaredDigests(source))
  return declared === undefined
    ? { by: 'not-checked', digests: [] }
    : { by: 'provider-digest', digests: [{ algorithm: declared.algorithm, value: declared.value }] }
}

/** The error if the bytes do not have a digest that the publisher states; `null`: they have all. */
export const findExpectedMismatch = (
  site: ErrorSite,
  expected: readonly ExpectedDigest[],
  { digests }: Pick<Measured, 'digests'>,
): ImageError | null => {
  for (const { algorithm, value, from } of expected) {
    const actual = digests[algorithm]
    if (actual === value) continue
    return integrityFailed(site, {
      what: `the source does not have the digest ${from === null ? 'that was given' : `in ${from}`}`,
      hint: 'Get the source or its digest again, then create a new plan. The digest must be of the published file, before it is unpacked',
      expected: `${algorithm}:${value}`,
      actual: `${algorithm}:${actual ?? 'not computed'}`,
    })
  }
  return null
}
