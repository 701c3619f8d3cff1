import type { ImageResult } from '@imago/core'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import type { Call, Session } from './session.ts'
import { DigitalOceanAccount, DigitalOceanAction, DigitalOceanPages } from './wire.ts'

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

/** The API's endpoints for images. Each call is one request. `I`: what becomes of an image. */
export interface DigitalOceanApi<I = unknown> {
  readonly images: {
    readonly list: (
      parameters?: ImageListParameters,
      call?: Partial<Call>,
    ) => ImageResult<DigitalOceanPages & { readonly images: readonly I[] }>
    /** By ID, or by the slug of a public image. */
    readonly get: (idOrSlug: number | string, call?: Partial<Call>) => ImageResult<I>
    readonly update: (id: number, update: ImageUpdate, call?: Partial<Call>) => ImageResult<I>
    readonly delete: (id: number, call?: Partial<Call>) => ImageResult<void>
    readonly actions: (
      id: number,
      parameters?: PageParameters,
      call?: Partial<Call>,
    ) => ImageResult<DigitalOceanPages & { readonly actions: readonly DigitalOceanAction[] }>
    readonly act: (id: number, request: ImageActionRequest, call?: Partial<Call>) => ImageResult<DigitalOceanAction>
  }
  readonly actions: { readonly get: (id: number, call?: Partial<Call>) => ImageResult<DigitalOceanAction> }
  readonly tags: {
    readonly get: (name: string, call?: Partial<Call>) => ImageResult<{ readonly name: string }>
    readonly create: (name: string, call?: Partial<Call>) => ImageResult<{ readonly name: string }>
    readonly tagImage: (name: string, id: number, call?: Partial<Call>) => ImageResult<void>
    readonly untagImage: (name: string, id: number, call?: Partial<Call>) => ImageResult<void>
  }
  readonly account: { readonly get: (call?: Partial<Call>) => ImageResult<DigitalOceanAccount> }
}

const queryOf = (parameters: object): readonly (readonly [string, string])[] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]))

const image = (id: number | string): string => `/v2/images/${encodeURIComponent(id)}`
const tag = (name: string): string => `/v2/tags/${encodeURIComponent(name)}`

const Tag = t.type({ tag: t.type({ name: t.string }) })
const Action = t.type({ action: DigitalOceanAction })
const Actions = t.intersection([t.type({ actions: t.array(DigitalOceanAction) }), DigitalOceanPages])
const Account = t.type({ account: DigitalOceanAccount })

/** `Image` decodes each image: `DigitalOceanImage`, or `t.unknown` to read records one by one. */
export const createApi = <I>({ ask, send }: Session, Image: t.Type<I, unknown>): DigitalOceanApi<I> => {
  const One = t.type({ image: Image })
  const Images = t.intersection([t.type({ images: t.array(Image) }), DigitalOceanPages])
  const resources = (id: number) =>
    ({ kind: 'json', value: { resources: [{ resource_id: String(id), resource_type: 'image' }] } }) as const
  return {
    images: {
      list: (parameters = {}, call) =>
        ask(
          { method: 'GET', url: '/v2/images', query: queryOf(parameters) },
          { operation: 'images.list', ...call },
          Images,
        ),
      get: (id, call) =>
        pipe(
          ask({ method: 'GET', url: image(id) }, { operation: 'images.get', subject: `image ${id}`, ...call }, One),
          TE.map((body) => body.image),
        ),
      update: (id, value, call) =>
        pipe(
          ask(
            { method: 'PUT', url: image(id), body: { kind: 'json', value } },
            { operation: 'images.update', subject: `image ${id}`, ...call },
            One,
          ),
          TE.map((body) => body.image),
        ),
      delete: (id, call) =>
        send({ method: 'DELETE', url: image(id) }, { operation: 'images.delete', subject: `image ${id}`, ...call }),
      actions: (id, parameters = {}, call) =>
        ask(
          { method: 'GET', url: `${image(id)}/actions`, query: queryOf(parameters) },
          { operation: 'images.actions', subject: `image ${id}`, ...call },
          Actions,
        ),
      act: (id, value, call) =>
        pipe(
          ask(
            { method: 'POST', url: `${image(id)}/actions`, body: { kind: 'json', value } },
            { operation: 'images.act', subject: `image ${id}`, ...call },
            Action,
          ),
          TE.map(({ action }) => action),
        ),
    },
    actions: {
      get: (id, call) =>
        pipe(
          ask(
            { method: 'GET', url: `/v2/actions/${id}` },
            { operation: 'actions.get', subject: `operation ${id}`, ...call },
            Action,
          ),
          TE.map(({ action }) => action),
        ),
    },
    tags: {
      get: (name, call) =>
        pipe(
          ask({ method: 'GET', url: tag(name) }, { operation: 'tags.get', subject: `tag ${name}`, ...call }, Tag),
          TE.map((body) => body.tag),
        ),
      create: (name, call) =>
        pipe(
          ask(
            { method: 'POST', url: '/v2/tags', body: { kind: 'json', value: { name } } },
            { operation: 'tags.create', ...call },
            Tag,
          ),
          TE.map((body) => body.tag),
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
      get: (call) =>
        pipe(
          ask({ method: 'GET', url: '/v2/account' }, { operation: 'account.get', ...call }, Account),
          TE.map(({ account }) => account),
        ),
    },
  }
}
