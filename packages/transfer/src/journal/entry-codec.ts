import { Count, Instant, nullable } from '@imago/codec'
import type { VerificationLevel } from '@imago/core'
import * as t from 'io-ts'
import type { StepName } from '../plan/plan.ts'
import { FilePath, OneLine, ProviderId } from '../plan/safe-text.ts'
import type { TransferOutcome } from './outcome.ts'
import type { SourceCheck } from './source-check.ts'
import type { Entry, Ready, SpoolItem } from './entry.ts'

const words = <W extends string>(name: string, all: Readonly<Record<W, null>>): t.Type<W> =>
  t.keyof(all, name) as unknown as t.Type<W>

const Item = words<SpoolItem>('SpoolItem', { source: null, disk: null, converted: null })
const Step = words<StepName>('StepName', {
  download: null,
  inspect: null,
  decompress: null,
  extract: null,
  convert: null,
  create: null,
  upload: null,
  verify: null,
  finish: null,
  store: null,
})
const Level = words<VerificationLevel>('VerificationLevel', {
  'digest-match': null,
  'digest-declared': null,
  'size-match': null,
  unverified: null,
})

const isHex = (u: unknown): u is string => typeof u === 'string' && /^[0-9a-f]{2,256}$/.test(u)
const Hex = new t.Type<string>(
  'lower-case hex',
  isHex,
  (u, context) => (isHex(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)
const Digests = t.record(OneLine, Hex)

const ReadyFile: t.Type<Ready, unknown> = t.strict(
  { size: Count, digests: Digests, virtualSize: nullable(Count), declared: t.boolean },
  'Ready',
)

const Created = t.union([
  t.strict({
    kind: t.literal('image'),
    ref: t.strict({ provider: t.string, cloud: nullable(t.string), region: nullable(t.string), id: ProviderId }),
  }),
  t.strict({ kind: t.literal('file'), path: FilePath }),
])
const Source: t.Type<SourceCheck, unknown> = t.strict({
  by: words<SourceCheck['by']>('SourceCheck', { 'given-digest': null, 'provider-digest': null, 'not-checked': null }),
  digests: t.readonlyArray(
    t.intersection([
      t.strict({ algorithm: OneLine, value: OneLine }),
      t.exact(
        t.partial({
          from: nullable(t.string),
          signature: words<'none' | 'not-verified'>('Signature', { none: null, 'not-verified': null }),
        }),
      ),
    ]),
  ),
})
const Result: t.Type<TransferOutcome, unknown> = t.strict(
  {
    run: t.string,
    created: Created,
    size: Count,
    digests: Digests,
    source: Source,
    verified: Level,
    adopted: t.boolean,
    warnings: t.readonlyArray(t.string),
  },
  'Outcome',
)

const Wrong = t.strict({ version: nullable(OneLine), expected: t.string, actual: t.string }, 'WrongSource')

type NamedEntry<Name extends Entry['entry']> = Extract<Entry, { readonly entry: Name }>

/** Codecs of all entries without a plan. Other keys are dropped. `readPlan` reads the plan of `started`. */
export const ENTRY_CODECS: {
  readonly [Name in Exclude<Entry['entry'], 'started'>]: t.Type<NamedEntry<Name>, unknown>
} = {
  taken: t.strict({ entry: t.literal('taken') }),
  step: t.strict({ entry: t.literal('step'), step: Step }),
  redirected: t.strict({ entry: t.literal('redirected'), url: OneLine }),
  'source-version': t.strict({ entry: t.literal('source-version'), version: OneLine }),
  synced: t.strict({ entry: t.literal('synced'), item: Item, bytes: Count }),
  ready: t.strict({ entry: t.literal('ready'), item: Item, ready: ReadyFile }),
  discarded: t.strict({ entry: t.literal('discarded'), item: Item }),
  creating: t.strict({ entry: t.literal('creating'), attempt: Count, id: nullable(ProviderId) }),
  sending: t.strict({ entry: t.literal('sending'), id: nullable(ProviderId) }),
  'last-chunk': t.strict({ entry: t.literal('last-chunk'), id: ProviderId }),
  sent: t.strict({ entry: t.literal('sent'), id: ProviderId, verified: nullable(Level), adopted: t.boolean }),
  verified: t.strict({ entry: t.literal('verified'), level: Level }),
  deleted: t.strict({ entry: t.literal('deleted'), id: ProviderId }),
  failed: t.intersection([
    t.strict({ entry: t.literal('failed'), error: t.string, what: t.string }),
    t.exact(t.partial({ isFinal: t.boolean, wrongSource: Wrong })),
  ]),
  done: t.strict({ entry: t.literal('done'), outcome: Result }),
}

/** The fields of a line besides its entry. */
export const Stamp = t.strict({ at: Instant, epoch: Count }, 'Line')
