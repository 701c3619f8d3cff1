import type { Prices, ReadState, Usage, UsageEdge } from '@imago/core'
import * as t from 'io-ts'

// A store is a file that other programs can change, and a wrong word must not make an image unused.

const text = t.string
const textOrNull = t.union([t.string, t.null], 'TextOrNull')

export const Completeness: t.Type<ReadState['completeness']> = t.keyof(
  { read: null, forbidden: null, unsupported: null, failed: null },
  'Completeness',
)

export const EdgeSources: t.Type<Usage['sources']> = t.readonlyArray(
  t.type({ name: text, completeness: Completeness, reason: textOrNull }),
  'EdgeSources',
)

export const UsageView: t.Type<Usage['view']> = t.union(
  [
    t.intersection([
      t.type({ kind: t.literal('everyone') }),
      t.partial({ project: t.union([text, t.null, t.undefined]) }),
    ]),
    t.type({
      kind: t.literal('project'),
      project: textOrNull,
      shared: t.union([t.readonlyArray(text), t.null]),
    }),
  ],
  'UsageView',
)

export const Edge: t.Type<UsageEdge> = t.type(
  {
    image: t.type({ provider: text, cloud: textOrNull, region: textOrNull, id: text }),
    by: t.type({
      kind: t.keyof({ server: null, volume: null, image: null, 'launch-template': null }),
      id: text,
      name: textOrNull,
    }),
    relation: t.keyof({ uses: null, bound: null, origin: null }),
    via: text,
    evidence: t.keyof({ declared: null, inferred: null, assumed: null, unknown: null, unsupported: null }),
    dependsOn: t.boolean,
  },
  'UsageEdge',
)

const Basis = t.keyof({ size: null, 'server-percentage': null, free: null }, 'BillingBasis')

export const StoredPrices: t.Type<Prices> = t.type(
  {
    currency: text,
    perGbMonth: t.type({ net: textOrNull, gross: textOrNull }),
    bytesPerGb: t.number,
    basis: t.partial({ system: Basis, app: Basis, snapshot: Basis, backup: Basis, image: Basis, unknown: Basis }),
  },
  'Prices',
)
