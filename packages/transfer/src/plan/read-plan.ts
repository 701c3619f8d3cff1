import { Count, toIssues, nullable } from '@imago/codec'
import {
  Digest,
  decodeFailed,
  FIELD_NAMES,
  isJsonObject,
  rejected,
  createErrorSite,
  type FieldName,
  type ImageError,
  type NewImage,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { DIGEST_ALGORITHMS } from '../digests/algorithm.ts'
import { selectIdentity } from './plan-transfer.ts'
import { EARLIER_PLAN_SCHEMAS, PLAN_SCHEMA, type PreflightCheckName, type Plan, type StepName } from './plan.ts'
import { FilePath, OneLine, ProviderId } from './safe-text.ts'
import { computeChecksum, computePlanId } from './uuid.ts'

/** A codec of a closed set of words. */
const words = <const W extends string>(name: string, all: readonly W[]): t.Type<W> => {
  const known: ReadonlySet<string> = new Set(all)
  const is = (u: unknown): u is W => typeof u === 'string' && known.has(u)
  return new t.Type<W>(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity)
}

const CHECKS: readonly PreflightCheckName[] = [
  'source-status',
  'source-deprecated',
  'source-download',
  'target-takes-bytes',
  'disk-format',
  'container-format',
  'architecture',
  'size-limit',
  'virtual-size',
  'conversion',
  'encryption',
  'source-content',
  'source-digest',
  'verification',
  'quota',
  'spool',
  'estimate',
  'archive',
  'source-estimate',
  'metadata',
  'store',
]
const STEPS: readonly StepName[] = [
  'download',
  'inspect',
  'decompress',
  'extract',
  'convert',
  'create',
  'upload',
  'verify',
  'finish',
  'store',
]

const text = nullable(t.string)
const size = nullable(Count)
const entries = t.record(t.string, t.string)
const strings = t.readonlyArray(t.string)
const visibility = words('Visibility', ['public', 'private', 'shared', 'community'])
const level = words('VerificationLevel', ['digest-match', 'digest-declared', 'size-match', 'unverified'])
const money = t.readonlyArray(t.strict({ amount: t.string, currency: t.string }))

const expected = t.readonlyArray(
  t.strict({
    algorithm: words('DigestAlgorithm', DIGEST_ALGORITHMS),
    value: OneLine,
    from: text,
    name: text,
    signature: words('Signature', ['none', 'not-verified']),
  }),
)

const ref = t.strict({ provider: t.string, cloud: text, region: text, id: ProviderId })

const bytes = t.union([
  t.strict({
    kind: t.literal('image'),
    ref,
    name: text,
    updatedAt: text,
    size,
    digests: t.readonlyArray(Digest),
    exact: t.boolean,
  }),
  t.strict({ kind: t.literal('file'), path: FilePath, size, modifiedAt: text }),
  t.intersection([
    t.strict({ kind: t.literal('url'), url: OneLine, size, etag: text }),
    t.exact(t.partial({ query: t.string })),
  ]),
])
const source = t.intersection([bytes, t.exact(t.partial({ expected }))])

const target = t.union([
  t.strict({
    kind: t.literal('cloud'),
    cloud: t.strict({ provider: t.string, cloud: text, region: text }),
    by: words('Way', ['upload', 'createFromBytes']),
    store: nullable(OneLine),
  }),
  t.strict({ kind: t.literal('file'), path: FilePath }),
])

const optional = t.exact(
  t.partial({
    containerFormat: t.string,
    architecture: t.string,
    visibility,
    description: t.string,
    labels: entries,
    tags: strings,
    properties: entries,
    minDisk: Count,
    minRam: Count,
  }),
)
const request = t.intersection(
  [t.strict({ name: t.string, diskFormat: t.string }), optional],
  'NewImage',
) as unknown as t.Type<NewImage, NewImage, unknown>

const archive = t.strict({
  kind: t.literal('tar'),
  member: text,
  isNamed: t.boolean,
  digest: nullable(t.strict({ algorithm: t.string, value: t.string })),
  machine: nullable(
    t.strict({
      name: text,
      osType: text,
      osId: size,
      firmware: nullable(words('Firmware', ['bios', 'uefi'])),
      secureBoot: nullable(t.boolean),
      cpus: size,
      memory: size,
    }),
  ),
})

const codec = t.strict(
  {
    $schema: t.literal(PLAN_SCHEMA),
    id: t.string,
    checksum: t.string,
    source,
    target,
    format: t.intersection([
      t.strict({
        from: text,
        to: text,
        compression: nullable(words('Compression', ['gzip', 'xz', 'zstd', 'bzip2'])),
        convert: t.boolean,
        virtualSize: size,
      }),
      t.exact(t.partial({ container: t.string, archive })),
    ]),
    request: nullable(request),
    finalSettings: t.strict({ visibility: nullable(visibility), protect: t.boolean, hide: t.boolean }),
    fields: t.readonlyArray(
      t.strict({
        field: words<FieldName>('FieldName', FIELD_NAMES),
        entry: text,
        disposition: words('Disposition', ['kept', 'translated', 'lost', 'needed']),
        from: text,
        to: text,
        reason: text,
      }),
    ),
    checks: t.readonlyArray(
      t.intersection([
        t.strict({
          check: words('PreflightCheckName', CHECKS),
          effect: words('Effect', ['blocks', 'warns']),
          what: t.string,
          hint: t.string,
        }),
        t.exact(t.partial({ changes: t.readonlyArray(t.strict({ parameter: t.string, values: strings })) })),
      ]),
    ),
    steps: t.readonlyArray(
      t.strict({ step: words('StepName', STEPS), what: t.string, bytes: size, seconds: size, ifInterrupted: t.string }),
    ),
    estimate: t.strict({
      bytes: size,
      seconds: size,
      spoolBytes: size,
      resources: strings,
      once: money,
      monthly: money,
    }),
    verification: level,
  },
  'Plan',
)

const site = createErrorSite({ provider: 'imago', cloud: null }, 'plan')

/** Reads a plan saved as JSON. `DecodeFailed`: it is not a valid plan. `Rejected`: it was changed after it was created. */
export const readPlan = (value: unknown): E.Either<ImageError, Plan> => {
  if (isJsonObject(value) && EARLIER_PLAN_SCHEMAS.has(value['$schema'])) {
    return E.left(
      decodeFailed(site, {
        what: 'the plan was created by an earlier version of imago',
        hint: 'Create a new plan',
        issues: [],
      }),
    )
  }
  const decoded = codec.decode(value)
  if (E.isLeft(decoded)) {
    const issues = toIssues(decoded.left)
    return E.left(
      decodeFailed(site, {
        what: 'not a valid plan',
        hint: `Pass a plan as JSON with the $schema ${PLAN_SCHEMA}`,
        issues,
      }),
    )
  }
  const plan: Plan = decoded.right as Plan
  if (computePlanId(selectIdentity(plan)) !== plan.id || computeChecksum(plan) !== plan.checksum)
    return E.left(
      rejected(site, {
        what: `plan ${plan.id} was changed after it was created`,
        hint: 'Create a new plan with the options that you want',
      }),
    )
  return E.right(plan)
}
