import type { ImageResult } from '@imago/core/provider'
import {
  createRecordReader,
  readBody,
  readRecordAt,
  readRecords,
  type ApiCall,
  type BodyReader,
  type ReadRecords,
  type RecordReader,
} from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Session } from './session.ts'
import {
  DigitalOceanAccount,
  DigitalOceanAction,
  DigitalOceanPages,
  DigitalOceanTag,
  type DigitalOceanImage,
} from './wire.ts'

/** `GET /v2/images`. The API documents no combination of `type`, `private` and `tag_name`. */
export interface ImageListParameters {
  readonly type?: 'distribution' | 'application'
  readonly private?: true
  readonly tag_name?: string
  readonly page?: number
  /** 1 to 200; default: 20. */
  readonly per_page?: number
}

/** `PUT /v2/images/ID`: what is absent stays. */
export interface ImageUpdate {
  readonly name?: string
  readonly distribution?: string
  readonly description?: string
}

export type ImageActionRequest = { readonly type: 'convert' } | { readonly type: 'transfer'; readonly region: string }

type PageParameters = Pick<ImageListParameters, 'page' | 'per_page'>

/** A page of a list. */
export interface DigitalOceanPage<A> extends ReadRecords<A> {
  readonly isLast: boolean
}

/** The API's endpoints for images. Each call is one request. `I`: what an image is read as. */
export interface DigitalOceanApi<I = DigitalOceanImage> {
  readonly images: {
    readonly list: (parameters?: ImageListParameters, call?: Partial<ApiCall>) => ImageResult<DigitalOceanPage<I>>
    /** By ID, or by the slug of a public image. */
    readonly get: (idOrSlug: number | string, call?: Partial<ApiCall>) => ImageResult<I>
    readonly update: (id: number, update: ImageUpdate, call?: Partial<ApiCall>) => ImageResult<I>
    readonly delete: (id: number, call?: Partial<ApiCall>) => ImageResult<void>
    readonly actions: (
      id: number,
      parameters?: PageParameters,
      call?: Partial<ApiCall>,
    ) => ImageResult<DigitalOceanPage<DigitalOceanAction>>
    readonly act: (id: number, request: ImageActionRequest, call?: Partial<ApiCall>) => ImageResult<DigitalOceanAction>
  }
  readonly actions: { readonly get: (id: number, call?: Partial<ApiCall>) => ImageResult<DigitalOceanAction> }
  readonly tags: {
    readonly get: (name: string, call?: Partial<ApiCall>) => ImageResult<DigitalOceanTag>
    readonly create: (name: string, call?: Partial<ApiCall>) => ImageResult<DigitalOceanTag>
    readonly tagImage: (name: string, id: number, call?: Partial<ApiCall>) => ImageResult<void>
    readonly untagImage: (name: string, id: number, call?: Partial<ApiCall>) => ImageResult<void>
  }
  readonly account: { readonly get: (call?: Partial<ApiCall>) => ImageResult<DigitalOceanAccount> }
}

const toQuery = (parameters: object): readonly (readonly [string, string])[] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]))

const image = (id: number | string): string => `/v2/images/${encodeURIComponent(id)}`
const tag = (name: string): string => `/v2/tags/${encodeURIComponent(name)}`

const toRecord = <A>(codec: t.Type<A, unknown>): RecordReader<A> => createRecordReader('digitalocean', codec)

const readAction = readRecordAt(t.type({ action: t.unknown }), 'action', toRecord(DigitalOceanAction))
const readTag = readRecordAt(t.type({ tag: t.unknown }), 'tag', toRecord(DigitalOceanTag))
const readAccount = readRecordAt(t.type({ account: t.unknown }), 'account', toRecord(DigitalOceanAccount))

const ImagePage = t.intersection([t.type({ images: t.UnknownArray }), DigitalOceanPages])
const ActionPage = t.intersection([t.type({ actions: t.UnknownArray }), DigitalOceanPages])

/** Reads a page of the records under `key`. */
const readPage = <K extends string, P extends DigitalOceanPages & Readonly<Record<K, readonly unknown[]>>, A>(
  page: t.Type<P, unknown>,
  key: K,
  readRecord: RecordReader<A>,
): BodyReader<DigitalOceanPage<A>> => {
  const open = readBody(page)
  return (body) =>
    pipe(
      open(body),
      E.map((opened) => ({
        ...readRecords(opened[key], key, readRecord),
        isLast: typeof opened.links?.pages?.next !== 'string',
      })),
    )
}

/** `readImage`: how an image is read, as it is on the wire or as an `Image`. */
export const createApi = <I>({ read, send }: Session, readImage: RecordReader<I>): DigitalOceanApi<I> => {
  const one = readRecordAt(t.type({ image: t.unknown }), 'image', readImage)
  const resources = (id: number) =>
    ({ kind: 'json', value: { resources: [{ resource_id: String(id), resource_type: 'image' }] } }) as const
  return {
    images: {
      list: (parameters = {}, call) =>
        read(
          { method: 'GET', url: '/v2/images', query: toQuery(parameters) },
          { operation: 'images.list', ...call },
          readPage(ImagePage, 'images', readImage),
        ),
      get: (id, call) =>
        read({ method: 'GET', url: image(id) }, { operation: 'images.get', subject: `image ${id}`, ...call }, one),
      update: (id, value, call) =>
        read(
          { method: 'PUT', url: image(id), body: { kind: 'json', value } },
          { operation: 'images.update', subject: `image ${id}`, ...call },
          one,
        ),
      delete: (id, call) =>
        send({ method: 'DELETE', url: image(id) }, { operation: 'images.delete', subject: `image ${id}`, ...call }),
      actions: (id, parameters = {}, call) =>
        read(
          { method: 'GET', url: `${image(id)}/actions`, query: toQuery(parameters) },
          { operation: 'images.actions', subject: `image ${id}`, ...call },
          readPage(ActionPage, 'actions', toRecord(DigitalOceanAction)),
        ),
      act: (id, value, call) =>
        read(
          { method: 'POST', url: `${image(id)}/actions`, body: { kind: 'json', value } },
          { operation: 'images.act', subject: `image ${id}`, ...call },
          readAction,
        ),
    },
    actions: {
      get: (id, call) =>
        read(
          { method: 'GET', url: `/v2/actions/${id}` },
          { operation: 'actions.get', subject: `operation ${id}`, ...call },
          readAction,
        ),
    },
    tags: {
      get: (name, call) =>
        read({ method: 'GET', url: tag(name) }, { operation: 'tags.get', subject: `tag ${name}`, ...call }, readTag),
      create: (name, call) =>
        read(
          { method: 'POST', url: '/v2/tags', body: { kind: 'json', value: { name } } },
          { operation: 'tags.create', ...call },
          readTag,
        ),
      // Tagging twice is tagging once.
      tagImage: (name, id, call) =>
        send(
          { method: 'POST', url: `${tag(name)}/resources`, body: resources(id), idempotent: true },
          { operation: 'tags.tagImage', subject: `tag ${name}`, ...call },
        ),
      untagImage: (name, id, call) =>
        send(
          { method: 'DELETE', url: `${tag(name)}/resources`, body: resources(id) },
          { operation: 'tags.untagImage', subject: `tag ${name}`, ...call },
        ),
    },
    account: {
      get: (call) => read({ method: 'GET', url: '/v2/account' }, { operation: 'account.get', ...call }, readAccount),
    },
  }
}
