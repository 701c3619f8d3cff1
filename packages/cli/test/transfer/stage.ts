import { expect } from '@jest/globals'
import { listAll, createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bareImage, createMemorySource } from '@imago/testkit'
import type { Plan } from '@imago/transfer'
import { createHash } from 'node:crypto'
import { copy } from '../../src/commands/copy/run.ts'
import type { CopyOptions } from '../../src/commands/copy/options.ts'
import { plan } from '../../src/commands/plan/run.ts'
import { createUrls } from '../../src/transfer/urls.ts'
import { Problem } from '../../src/problem.ts'
import { memoryLive, openstackCloud, sourceAmong, type MemoryLive } from '../live.ts'
import { findSchemaFaults } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'

export const folder = temporaryFolder()
let stages = 0

export const DISK = Uint8Array.from({ length: 100_352 }, (_, index) => (index * 7 + (index >> 8)) % 256)
export const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')

export const createCloud = (cloud: string) => ({ provider: 'openstack', cloud, region: null })

export const image = (id: string, fields: Partial<Image> = {}): Image =>
  bareImage(
    id,
    {
      name: `name-${id}`,
      status: 'available',
      visibility: 'private',
      architecture: 'x86_64',
      format: { disk: 'raw', container: 'bare' },
      size: { stored: DISK.length, virtual: DISK.length, minDisk: null, minRam: null },
      digests: [{ algorithm: 'sha512', value: sha512(DISK), of: 'stored', assertedBy: 'provider' }],
      ...fields,
    },
    createCloud('lab'),
  )

export interface Stage {
  readonly env: NodeJS.ProcessEnv
  readonly prod: ImageSource
  readonly lab: ImageSource
  /** Creates a context with empty outputs. */
  readonly live: () => MemoryLive
}

export interface StageOptions {
  readonly images?: readonly Image[]
  readonly toProd?: (source: ImageSource) => ImageSource
  readonly toLab?: (source: ImageSource) => ImageSource
}

export const stage = ({
  images = [image('1', { labels: { role: 'web' } }), image('2')],
  toProd = (one) => one,
  toLab = (one) => one,
}: StageOptions = {}): Stage => {
  const state = folder.path(`state-${++stages}`)
  const lab = toLab(
    createMemorySource({
      cloud: createCloud('lab'),
      images,
      bytes: Object.fromEntries(images.map(({ ref }) => [ref.id, DISK])),
    }),
  )
  const prod = toProd(createMemorySource({ cloud: createCloud('prod') }))
  return {
    env: { XDG_STATE_HOME: `${state}/state`, XDG_CACHE_HOME: `${state}/cache` },
    lab,
    prod,
    live: () =>
      memoryLive({
        clouds: [openstackCloud('lab'), openstackCloud('prod')],
        open: sourceAmong({ lab: () => lab, prod: () => prod }),
      }),
  }
}

export const listImages = async (source: ImageSource): Promise<readonly Image[]> => {
  const listed = await listAll(source)()
  return E.isRight(listed) ? listed.right.items : []
}

export const noUrls = createUrls(memoryLive({ clouds: [] }), [], {})
export const COPY = { output: 'json', progress: 'none' } as const
export const RESUME = COPY

export const copied = async (
  { env }: Pick<Stage, 'env'>,
  live: MemoryLive,
  words: readonly string[],
  options: Partial<CopyOptions> = {},
) => copy(words, { ...COPY, ...options }, live, noUrls, env, null)
export const planned = async (live: MemoryLive, words: readonly string[], options: object = {}) =>
  plan(words, { output: 'json', ...options }, live, noUrls)

export const printedPlan = (live: MemoryLive): Plan => JSON.parse(live.output.text()) as Plan
export interface Moves {
  readonly runs: readonly {
    readonly run: string
    readonly outcome: { readonly verified: string; readonly adopted: boolean; readonly created: unknown } | null
    readonly error: { readonly tag: string; readonly message: string } | null
  }[]
}
export const printedMoves = (live: MemoryLive): Moves['runs'] => {
  expect(findSchemaFaults('transfers', live.output.text())).toEqual([])
  return (JSON.parse(live.output.text()) as Moves).runs
}

export const problem = async (work: Promise<unknown>): Promise<Problem> => {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Problem)
  return thrown as Problem
}

/** Refuses uploads until `mend` is called. */
export const failing = (): { readonly wrap: (source: ImageSource) => ImageSource; readonly mend: () => void } => {
  let isBroken = true
  return {
    wrap: (source) => ({
      ...source,
      upload: (...args) =>
        isBroken
          ? TE.left(unavailable(createErrorSite(createCloud('prod'), 'upload'), { what: 'the store is down' }))
          : (source.upload as NonNullable<ImageSource['upload']>)(...args),
    }),
    mend: () => void (isBroken = false),
  }
}
