import type { Image, Observation, ObservedPrices, Usage } from '@imago/core'
import { bareImage, type ImageValues } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openStoreWriter,
  parseStoreTarget,
  readStore,
  type CloudState,
  type ImageExtra,
  type StoreChanges,
  type StoreError,
  type StoreTarget,
} from '../src/index.ts'

export const CLOUD = { provider: 'hetzner', cloud: 'production', region: null }

/** The value of a success. */
export const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(JSON.stringify(result.left))
}

/** The error of a failure. */
export const left = <L>(result: E.Either<L, unknown>): L => {
  if (E.isLeft(result)) return result.left
  throw new Error('it succeeded')
}

export const target = (text: string): StoreTarget => right(parseStoreTarget(text))

/** A temporary directory, deleted by `end`. */
export const createDirectory = (): { readonly file: (name: string) => string; readonly end: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'imago-store-test-'))
  return { file: (name) => join(path, name), end: () => rmSync(path, { recursive: true }) }
}

export const image = (id: string, values: ImageValues = {}, cloud: Partial<Image['ref']> = {}): Image =>
  bareImage(id, values, { ...CLOUD, ...cloud })

export interface Stored {
  readonly at: string
  readonly images: readonly Image[]
  readonly extra?: ImageExtra
  /** States that differ from a complete listing of `CLOUD`. */
  readonly state?: Partial<CloudState>
  readonly selection?: string | null
  readonly mask?: (text: string) => string
}

export const createState = (state: Partial<CloudState> = {}): CloudState => ({
  cloud: CLOUD,
  images: { completeness: 'read', reason: null },
  rejected: 0,
  usage: null,
  prices: null,
  ...state,
})

/** Stores one run. */
export const store = async (
  to: StoreTarget,
  { at, images, extra = {}, state = {}, selection = null, mask }: Stored,
): Promise<E.Either<StoreError, StoreChanges>> => {
  const run = { id: `run-${at}`, at, origin: 'live', selection, version: '0.0.0' } as const
  const writer = await openStoreWriter(to, { run, mask })
  if (E.isLeft(writer)) return writer
  const batch = right(await writer.right.begin())
  for (const one of images) batch.add(one, extra)
  const changes = await batch.commit([createState(state)])
  right(await writer.right.close())
  return changes
}

/** The stored observation as of a time. */
export const read = async (from: StoreTarget, at: string | null = null): Promise<Observation> =>
  right(await readStore(from, at))

/** The stored images of `CLOUD`, as of a time. */
export const readImages = async (from: StoreTarget, at: string | null = null): Promise<readonly Image[]> =>
  (await read(from, at)).clouds.find(({ cloud }) => cloud.cloud === CLOUD.cloud)?.images.items ?? []

export const usage = (state: Partial<Usage> = {}): Usage => ({
  edges: [
    {
      image: { ...CLOUD, id: '1' },
      by: { kind: 'server', id: '42', name: 'web-1' },
      relation: 'uses',
      via: 'servers[].image.id',
      evidence: 'declared',
      dependsOn: false,
    },
  ],
  sources: [{ name: 'servers', completeness: 'read', reason: null }],
  view: { kind: 'everyone' },
  ...state,
})

export const prices = (net = '0.0110'): ObservedPrices => ({
  completeness: 'read',
  reason: null,
  prices: {
    currency: 'EUR',
    perGbMonth: { net, gross: '0.013090' },
    bytesPerGb: 1_000_000_000,
    basis: { snapshot: 'size', backup: 'server-percentage' },
  },
})
