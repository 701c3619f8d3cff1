import type { ImageResult } from '@imago/core/provider'
import { decodeFailed, createErrorSite } from '@imago/core/provider'
import { parseJsonBody, type TextResponse } from '@imago/http'
import { NovaImageCreated, NovaServer, NovaServerEnvelope } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { microversion } from '../microversion.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'
import { CARRIED_OUT_HINT } from '@imago/provider-kit/live'
import { tenantsQuery, type AllTenants } from './tenants.ts'
import { pageQuery, type PageParameters } from './tasks.ts'

/** The name and properties of a new image. */
export interface ServerImageParameters {
  readonly name: string
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/** Nova's `/servers`, for images of servers. */
export interface ServersApi {
  readonly list: (
    page?: PageParameters & AllTenants & { readonly name?: string },
    options?: CallOptions,
  ) => ImageResult<Listed<NovaServer>>
  readonly get: (id: string, options?: CallOptions) => ImageResult<NovaServer>
  /** Returns the ID of the new image; Nova then copies the data. `Conflict` for a server in the wrong state. */
  readonly createImage: (id: string, parameters: ServerImageParameters, options?: CallOptions) => ImageResult<string>
}

/** The first microversion whose response contains the image's ID. nova: api-ref/source/servers-actions.inc, createImage. */
const RETURNS_IMAGE_ID = microversion('2.45')

const toServer = (id: string): Pick<ApiRequest, 'service' | 'path' | 'subject'> => ({
  service: 'compute',
  path: ['servers', id],
  subject: `server ${id}`,
})

const createImageRequest = (id: string, { name, metadata = {} }: ServerImageParameters): ApiRequest => ({
  ...toServer(id),
  name: 'servers.createImage',
  method: 'POST',
  path: ['servers', id, 'action'],
  body: { kind: 'json', value: { createImage: { name, metadata } } },
})

/** From the body, or from the last segment of `Location`. */
const findImageId = (response: TextResponse): string | null => {
  const body = parseJsonBody(response)
  if (E.isRight(body) && NovaImageCreated.is(body.right)) return body.right.image_id
  return /\/images\/([^/?#]+)\/?$/.exec(response.headers.get('location') ?? '')?.[1] ?? null
}

export const serversApi = (
  caller: Caller,
  cloud: { readonly provider: string; readonly cloud: string | null },
): ServersApi => ({
  list: ({ name, allTenants, ...page } = {}, options) =>
    caller.listed(
      'servers',
      NovaServer,
      {
        service: 'compute',
        name: 'servers.list',
        method: 'GET',
        path: ['servers', 'detail'],
        query: [
          ...(name === undefined ? [] : [['name', name] as const]),
          ...tenantsQuery({ allTenants }),
          ...pageQuery(page),
        ],
      },
      options,
    ),
  get: (id, options) =>
    pipe(
      caller.decoded(NovaServerEnvelope, { ...toServer(id), name: 'servers.get', method: 'GET' }, options),
      TE.map(({ server }) => server),
    ),
  createImage: (id, parameters, options = {}) => {
    const request = createImageRequest(id, parameters)
    return pipe(
      caller.response({ ...request, headers: RETURNS_IMAGE_ID }, options),
      // Nova before Pike rejects this microversion without creating an image.
      TE.orElse((error) => (error.request?.status === 406 ? caller.response(request, options) : TE.left(error))),
      TE.flatMap((response) => {
        const imageId = findImageId(response)
        return imageId === null
          ? TE.left(
              decodeFailed(createErrorSite(cloud, options.operation ?? request.name), {
                what: 'the response does not contain the ID of the new image',
                hint: CARRIED_OUT_HINT,
                issues: [],
              }),
            )
          : TE.right(imageId)
      }),
    )
  },
})
