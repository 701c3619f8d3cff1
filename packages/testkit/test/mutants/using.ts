import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Prices, Usage } from '@imago/core/provider'
import { overriding, type Mutant } from './wrap.ts'

const onUsage = (change: (usage: Usage) => Usage): Mutant['wrap'] =>
  overriding((source) => ({ usage: (options) => pipe(source.usage(options), TE.map(change)) }))

const onPrices = (change: (prices: Prices) => Prices): Mutant['wrap'] =>
  overriding((source) => ({ prices: (options) => pipe(source.prices(options), TE.map(change)) }))

/** Sources with wrong usage or prices. */
export const USING_MUTANTS: readonly Mutant[] = [
  { does: 'omits references', breaks: 'usage', wrap: onUsage((usage) => ({ ...usage, edges: [] })) },
  {
    does: 'returns edges of another cloud',
    breaks: 'usage',
    wrap: onUsage((usage) => ({
      ...usage,
      edges: usage.edges.map((edge) => ({ ...edge, image: { ...edge.image, region: 'elsewhere' } })),
    })),
  },
  { does: 'returns no list', breaks: 'usage-sources', wrap: onUsage((usage) => ({ ...usage, sources: [] })) },
  {
    does: 'returns no reason for a failed list',
    breaks: 'usage-sources',
    wrap: onUsage((usage) => ({
      ...usage,
      sources: usage.sources.map((one) => ({ ...one, completeness: 'failed' })),
    })),
  },
  {
    does: 'lists images itself despite a listing',
    breaks: 'usage-listing',
    wrap: overriding((source) => ({
      usage: (options = {}) => source.usage({ signal: options.signal }),
    })),
  },
  {
    does: 'creates an image in usage',
    breaks: 'usage-changes-nothing',
    wrap: overriding((source) => ({
      usage: (options) =>
        pipe(
          source.create({ name: 'use', diskFormat: 'raw' }),
          TE.flatMap(() => source.usage(options)),
        ),
    })),
  },
  {
    does: 'returns prices that are not decimals',
    breaks: 'prices',
    wrap: onPrices((prices) => ({ ...prices, perGbMonth: { net: '1e-2', gross: null } })),
  },
  {
    does: 'creates an image in prices',
    breaks: 'prices-change-nothing',
    wrap: overriding((source) => ({
      prices: (options) =>
        pipe(
          source.create({ name: 'cost', diskFormat: 'raw' }),
          TE.flatMap(() => source.prices(options)),
        ),
    })),
  },
]
