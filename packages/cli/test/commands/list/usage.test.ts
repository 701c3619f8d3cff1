import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { parse } from 'yaml'
import type { ListOptions } from '../../../src/commands/list/options.ts'
import { list } from '../../../src/commands/list/run.ts'
import { EXIT, type ExitCode } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive } from '../../live.ts'
import { findSchemaFaults } from '../../schema-faults.ts'

const image = (id: string, stored: number, visibility: 'private' | 'public' = 'private'): Image =>
  bareImage(id, { kind: 'snapshot', visibility, owner: 'p', size: { stored } })

/** Counts the readings of usage and prices. */
interface Calls {
  usage: number
  prices: number
}

const countCalls = (source: ImageSource, calls: Calls): ImageSource => ({
  ...source,
  usage: (options) => {
    calls.usage++
    return source.usage?.(options) ?? TE.left(unavailable(createErrorSite(source.cloud, 'usage'), { what: 'none' }))
  },
  prices: (options) => {
    calls.prices++
    return source.prices?.(options) ?? TE.left(unavailable(createErrorSite(source.cloud, 'prices'), { what: 'none' }))
  },
})

/** The server that an image was created from. */
const BUILDER: Image['origins'][number] = {
  relation: 'created-from',
  kind: 'server',
  id: 's-9',
  name: 'builder',
  url: null,
}

const memory = (target: ProviderCloud): ImageSource =>
  createMemorySource({
    project: 'p',
    cloud: toIdentity(target),
    images: [
      image('used', 9e9),
      { ...image('free', 100e9), origins: [BUILDER] },
      image('spare', 20e9),
      image('shown', 1e9, 'public'),
    ],
    users: [{ image: 'used', by: { kind: 'server', id: 's-1', name: 'web-1' }, dependsOn: false }],
  })

const withoutUsage = (target: ProviderCloud): ImageSource => {
  const source = memory(target)
  return { ...source, usage: () => TE.left(unavailable(createErrorSite(source.cloud, 'usage'), { what: 'no answer' })) }
}

const withoutFacts = (target: ProviderCloud): ImageSource => {
  const source = withoutUsage(target)
  return {
    ...source,
    prices: () => TE.left(unavailable(createErrorSite(source.cloud, 'prices'), { what: 'no answer' })),
  }
}

const run = async (options: Partial<ListOptions>, open: (target: ProviderCloud) => ImageSource = memory) => {
  const calls: Calls = { usage: 0, prices: 0 }
  const live = memoryLive({ clouds: [hetznerCloud('prod')], open: (target) => countCalls(open(target), calls) })
  const code = await list(['prod'], { output: 'csv', columns: 'id', header: false, ...options }, live)
  return { code, lines: live.output.lines(), messages: live.messages.text(), calls }
}

describe('list --used and --unused', () => {
  it.each([
    { options: { used: true }, lines: ['used'] },
    { options: { unused: true }, lines: ['free', 'spare'] },
    { options: { used: true, unused: true }, lines: ['used', 'free', 'spare'] },
    { options: { unused: true, limit: '1' }, lines: ['free'] },
  ])('selects by usage: $options', async ({ options, lines }) => {
    expect(await run(options)).toMatchObject({ code: EXIT.done, lines, calls: { usage: 1, prices: 0 } })
  })

  it('reports why the usage of public images is unknown', async () => {
    const { messages } = await run({ unused: true })
    expect(messages).toBe('imago: the usage of 1 image is unknown, because other projects can use it\n')
  })

  it.each([{ used: true }, { unused: true }])(
    'selects nothing, says why and ends with an error if usage cannot be read: %j',
    async (options) => {
      const { code, lines, messages } = await run(options, withoutUsage)
      expect({ code, lines }).toEqual({ code: EXIT.error, lines: [] })
      expect(messages).toMatch(/^imago: hetzner\/prod: usage is incomplete: no answer/)
    },
  )
})

describe('list with the columns usedBy and cost', () => {
  it('reads usage and prices, and shows them', async () => {
    expect(await run({ columns: 'id,usedBy,cost' })).toMatchObject({
      code: EXIT.done,
      lines: ['used,server web-1,0.09 EUR', 'free,none,1.00 EUR', 'spare,none,0.20 EUR', 'shown,unknown,0.01 EUR'],
      calls: { usage: 1, prices: 1 },
    })
  })

  it('sorts by the amount of the cost, and reads only prices', async () => {
    expect(await run({ sort: 'cost:desc' })).toMatchObject({
      lines: ['free', 'spare', 'used', 'shown'],
      calls: { usage: 0, prices: 1 },
    })
  })

  it('reads neither usage nor prices for other columns', async () => {
    expect((await run({ columns: 'id,name' })).calls).toEqual({ usage: 0, prices: 0 })
  })

  it('shows an unknown usage if it cannot be read, and lists all images', async () => {
    const { code, lines } = await run({ columns: 'id,usedBy' }, withoutUsage)
    expect(code).toBe(EXIT.done)
    expect(lines).toEqual(['used,unknown', 'free,unknown', 'spare,unknown', 'shown,unknown'])
  })
})

describe('list -o json, ndjson and yaml with the columns usedBy, createdFrom and cost', () => {
  const read = async (
    options: Partial<ListOptions>,
    open: (target: ProviderCloud) => ImageSource = memory,
  ): Promise<{
    readonly images: readonly Record<string, unknown>[]
    readonly calls: Calls
    readonly code: ExitCode
  }> => {
    const { lines, calls, code } = await run({ output: 'json', header: true, ...options }, open)
    const text = lines.join('\n')
    const document = (
      options.output === 'ndjson'
        ? { images: lines.map((line): unknown => JSON.parse(line)) }
        : options.output === 'yaml'
          ? parse(text)
          : JSON.parse(text)
    ) as { readonly images: readonly Record<string, unknown>[] }
    return { images: document.images, calls, code }
  }

  it.each(['json', 'ndjson', 'yaml'] as const)(
    'adds users, origins and exact costs to the images: %s',
    async (output) => {
      const { images, calls, code } = await read({ output, columns: 'usedBy,createdFrom,cost' })
      expect({ code, calls }).toEqual({ code: EXIT.done, calls: { usage: 1, prices: 1 } })
      expect(images.map(({ ref, usage, monthlyCost }) => ({ ref, usage, monthlyCost }))).toMatchObject([
        {
          ref: { id: 'used' },
          usage: {
            state: 'used',
            usedBy: [{ kind: 'server', id: 's-1', name: 'web-1', dependsOn: false }],
            createdFrom: [],
          },
          monthlyCost: { amount: { net: expect.stringMatching(/^0\.09/) }, currency: 'EUR', reason: null },
        },
        {
          ref: { id: 'free' },
          usage: { state: 'unused', usedBy: [], createdFrom: [{ kind: 'server', id: 's-9', name: 'builder' }] },
        },
        { ref: { id: 'spare' }, usage: { state: 'unused', usedBy: [], createdFrom: [] } },
        {
          ref: { id: 'shown' },
          usage: { state: 'unknown', usedBy: [], createdFrom: [], reasons: [{ code: 'other-projects' }] },
        },
      ])
      for (const one of images) expect(findSchemaFaults('image', JSON.stringify(one))).toEqual([])
    },
  )

  it.each([
    { columns: 'usedBy', keys: ['usage'], calls: { usage: 1, prices: 0 } },
    { columns: 'id,createdFrom', keys: ['usage'], calls: { usage: 1, prices: 0 } },
    { columns: 'cost', keys: ['monthlyCost'], calls: { usage: 0, prices: 1 } },
    { columns: undefined, sort: 'cost', keys: [], calls: { usage: 0, prices: 1 } },
    { columns: undefined, used: true, keys: [], calls: { usage: 1, prices: 0 } },
  ])('adds and reads only what is named: $columns', async ({ keys, calls: expected, ...options }) => {
    const { images, calls } = await read(options)
    const added = images.map((one) => Object.keys(one).filter((key) => ['usage', 'monthlyCost'].includes(key)))
    expect(added).toEqual(images.map(() => keys))
    expect(calls).toEqual(expected)
  })

  it('adds them together with evidence', async () => {
    const { images } = await read({ columns: 'cost', evidence: true })
    expect(images[0]).toMatchObject({ monthlyCost: { currency: 'EUR' } })
  })

  it('adds why usage and cost are unknown if neither can be read', async () => {
    const { images, code } = await read({ columns: 'usedBy,cost' }, withoutFacts)
    expect(code).toBe(EXIT.done)
    const unread = { code: 'source-not-read', source: 'usage', completeness: 'failed' }
    expect(images[0]).toMatchObject({
      usage: {
        state: 'unknown',
        usedBy: [],
        reasons: expect.arrayContaining([{ ...unread, reason: expect.stringContaining('no answer') }]),
      },
      monthlyCost: { amount: null, currency: null, reason: 'no-prices' },
    })
    expect(images.map(({ usage }) => (usage as { readonly state: string }).state)).toEqual(images.map(() => 'unknown'))
    for (const one of images) expect(findSchemaFaults('image', JSON.stringify(one))).toEqual([])
  })

  it('reports once that prices cannot be read', async () => {
    const { messages } = await run({ columns: 'id,cost' }, withoutFacts)
    expect(messages).toMatch(/^imago: hetzner\/prod: costs are unknown: no answer.*\n$/)
  })

  it('refuses columns that documents have in any case', async () => {
    await expect(run({ output: 'yaml', columns: 'id,name', header: true })).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: '-o yaml has all fields; --columns can only add usedBy, createdFrom, cost',
    })
  })
})
