import { describe, expect, it } from '@jest/globals'
import { Image, formatError, perform, type ImageResult, type ImageSource } from '@imago/core/provider'
import { toHeaders, type HttpClient } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import fc from 'fast-check'
import { createHetznerApi, createHetznerSource, type HetznerApi } from '../src/index.ts'
import { optionsFor, TOKEN } from './local-api.ts'

/** Sends the same response to every request. */
const answering =
  (status: number, text: string): HttpClient =>
  (request) =>
    TE.right({
      kind: 'text',
      status,
      headers: toHeaders([['content-type', 'application/json']]),
      url: request.url,
      text,
    })
const optionsWith = (status: number, text: string) =>
  optionsFor('https://api.hetzner.cloud/v1', { transport: answering(status, text) })

const SOURCE_CALLS: readonly ((source: ImageSource) => ImageResult<unknown>)[] = [
  (source) => source.get('7'),
  (source) => source.listPage({}, null),
  (source) => source.probe(),
  (source) => perform(source, 'update', '7', { description: 'x', labels: { a: '1' } }),
  (source) => perform(source, 'delete', '7'),
  (source) => perform(source, 'protect', '7', true),
  (source) => perform(source, 'createFromServer', { serverId: '42' }),
  (source) => perform(source, 'operations', '7'),
  (source) => perform(source, 'operation', '13'),
]
const API_CALLS: readonly ((api: HetznerApi) => ImageResult<unknown>)[] = [
  ({ images }) => images.list(),
  ({ images }) => images.get(7),
  ({ actions }) => actions.list([1]),
  ({ servers }) => servers.create({ name: 'a', server_type: 1, image: 1 }),
  ({ servers }) => servers.rebuild(42, { image: 1 }),
  ({ servers }) => servers.createImage(42, {}),
  ({ pricing }) => pricing.get(),
  ({ sshKeys }) => sshKeys.list(),
]

/** Values under known keys, so that decoding goes beyond the first check. */
const keyed = fc.dictionary(
  fc.constantFrom(
    'image',
    'images',
    'action',
    'actions',
    'server',
    'servers',
    'ssh_keys',
    'pricing',
    'meta',
    'error',
    'next_actions',
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.array(fc.jsonValue()),
    fc.record(
      {
        id: fc.nat(),
        status: fc.jsonValue(),
        pagination: fc.jsonValue(),
        code: fc.jsonValue(),
        details: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  ),
  { noNullPrototype: true },
)
const body = fc.oneof(
  keyed.map((value) => JSON.stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string(),
)
const status = fc.constantFrom(200, 201, 204, 400, 401, 403, 404, 409, 410, 418, 422, 423, 429, 500, 502, 503, 504)

describe('any response', () => {
  it('makes the source return images or a printable error', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, fc.constantFrom(...SOURCE_CALLS), async (code, text, call) => {
        const answer = await call(createHetznerSource(optionsWith(code, text)))()
        if (E.isLeft(answer)) {
          expect(answer.left.what).not.toBe('')
          expect(formatError(answer.left)).toMatch(/^hetzner\/prod: (?:[\w ]+: )?[^\n]+$/)
          expect(JSON.stringify(answer.left)).not.toContain(TOKEN)
        } else if (Image.is(answer.right))
          expect(answer.right.ref).toMatchObject({ provider: 'hetzner', cloud: 'prod', region: null })
      }),
      { numRuns: 600 },
    )
  })

  it('makes the API return a value or an error', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, fc.constantFrom(...API_CALLS), async (code, text, call) => {
        const answer = await call(createHetznerApi(optionsWith(code, text)))()
        if (code >= 300) expect(E.isLeft(answer)).toBe(true)
        if (E.isLeft(answer)) expect(answer.left.what).not.toBe('')
      }),
      { numRuns: 400 },
    )
  })
})
