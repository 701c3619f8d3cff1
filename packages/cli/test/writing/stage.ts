import { expect } from '@jest/globals'
import type { Image, ImageSource, Operation } from '@imago/core'
import { bareImage, createMemorySource, type MemorySourceOptions } from '@imago/testkit'
import { schemas, type SchemaName } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import { Problem } from '../../src/problem.ts'
import type { WriteContext } from '../../src/writing/write-context.ts'
import { hetznerCloud, memoryLive, type MemoryLive } from '../live.ts'

export const CLOUD = { provider: 'hetzner', cloud: 'prod', region: null }
export const image = (id: string, fields: Partial<Image> = {}): Image =>
  bareImage(id, { name: `name-${id}`, ...fields }, CLOUD)

export interface Stage {
  readonly live: MemoryLive & WriteContext
  readonly source: ImageSource
}

export const stage = (options: MemorySourceOptions = {}, methods: Partial<ImageSource> = {}): Stage => {
  const source: ImageSource = {
    ...createMemorySource({
      cloud: CLOUD,
      images: [image('1'), image('2'), image('3', { protected: true })],
      ...options,
    }),
    ...methods,
  }
  return { live: { ...memoryLive({ clouds: [hetznerCloud('prod')], open: () => source }), takeHeld: null }, source }
}

export const findImage = async (source: ImageSource, id: string): Promise<Image | null> => {
  const found = await source.get(id)()
  return E.isRight(found) ? found.right : null
}

export const JSON_OUTPUT = { output: 'json' } as const
export const TABLE = { output: 'table' } as const

export const printed = (live: MemoryLive): readonly Image[] =>
  (JSON.parse(live.output.text()) as { readonly images: readonly Image[] }).images

/** Parses a printed document, and validates it against its schema. */
export const readDocument = (live: MemoryLive, name: SchemaName): unknown => {
  const document: unknown = JSON.parse(live.output.text())
  const validate = new Ajv2020({ strict: true }).compile(schemas[name])
  validate(document)
  expect(validate.errors).toBeNull()
  return document
}

export const problem = async (work: () => Promise<unknown>): Promise<Problem> => {
  const thrown = await work().then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Problem)
  return thrown as Problem
}

export const createOperation = (fields: Partial<Operation>): Operation => ({
  id: 'op',
  kind: 'create_image',
  status: 'running',
  progress: 0.5,
  error: null,
  startedAt: null,
  finishedAt: null,
  ...fields,
})
