import type { ImageResult } from '@imago/core/provider'
import { GlanceTask } from '@imago/schema-openstack'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'

/** Paging parameters of a list. */
export interface PageParameters {
  readonly limit?: number | undefined
  readonly marker?: string | null | undefined
}

export const pageQuery = ({ limit, marker }: PageParameters): readonly (readonly [string, string])[] => [
  ...(limit === undefined ? [] : [['limit', String(limit)] as const]),
  ...(marker === undefined || marker === null ? [] : [['marker', marker] as const]),
]

/** Glance's asynchronous tasks. */
export interface TasksApi {
  /** `/v2/images/{id}/tasks`: the imports of one image, in a single page. `NotFound` before API 2.12, or if the image does not exist. */
  readonly ofImage: (imageId: string, options?: CallOptions) => ImageResult<Listed<GlanceTask>>
  /** `/v2/tasks`, for admins: without `input`, `result` and `message`. */
  readonly list: (page?: PageParameters, options?: CallOptions) => ImageResult<Listed<GlanceTask>>
  /** `/v2/tasks/{id}`, for admins. */
  readonly get: (id: string, options?: CallOptions) => ImageResult<GlanceTask>
  /** `POST /v2/tasks`, for admins: the predecessor of `/v2/images/{id}/import`. `input` depends on the type. */
  readonly create: (
    task: { readonly type: string; readonly input: Readonly<Record<string, unknown>> },
    options?: CallOptions,
  ) => ImageResult<GlanceTask>
}

export const tasksApi = (caller: Caller): TasksApi => ({
  ofImage: (imageId, options) =>
    caller.listed(
      'tasks',
      GlanceTask,
      {
        name: 'tasks.ofImage',
        method: 'GET',
        path: ['v2', 'images', imageId, 'tasks'],
        subject: imageSubject(imageId),
      },
      options,
    ),
  list: (page = {}, options) =>
    caller.listed(
      'tasks',
      GlanceTask,
      { name: 'tasks.list', method: 'GET', path: ['v2', 'tasks'], query: pageQuery(page) },
      options,
    ),
  get: (id, options) =>
    caller.decoded(
      GlanceTask,
      { name: 'tasks.get', method: 'GET', path: ['v2', 'tasks', id], subject: `task ${id}` },
      options,
    ),
  create: ({ type, input }, options) =>
    caller.decoded(
      GlanceTask,
      { name: 'tasks.create', method: 'POST', path: ['v2', 'tasks'], body: { kind: 'json', value: { type, input } } },
      options,
    ),
})
