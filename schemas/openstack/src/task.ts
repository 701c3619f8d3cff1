import { DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'
import { listLinks } from './image-list.ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** `api_image_import` and `location_import` belong to an image; `import` is created with `POST /v2/tasks`. glance: glance/domain/__init__.py, Task. */
export const GlanceTaskType = openEnum('GlanceTaskType', [
  'api_image_import',
  'location_import',
  'import',
  'export',
  'clone',
])
export type GlanceTaskType = t.TypeOf<typeof GlanceTaskType>

/** glance: glance/domain/__init__.py, Task._supported_task_status. */
export const GlanceTaskStatus = openEnum('GlanceTaskStatus', ['pending', 'processing', 'success', 'failure'])
export type GlanceTaskStatus = t.TypeOf<typeof GlanceTaskStatus>

/**
 * An asynchronous task, as returned by `GET /v2/images/{id}/tasks` and `GET /v2/tasks`. The former sends UTC dates without a zone
 * (`2020-12-18T05:20:38.000000`) and no `self`. The latter, for admins, sends dates with `Z`, and its list omits `input`, `result` and `message`.
 * glance: glance/api/v2/images.py, get_task_info; glance/api/v2/tasks.py, _TASK_SCHEMA.
 */
export const GlanceTask = t.intersection(
  [
    t.type({
      id: t.string,
      status: GlanceTaskStatus,
    }),
    t.partial({
      type: nullable(GlanceTaskType),
      /** Project ID. */
      owner: nullable(t.string),
      image_id: nullable(t.string),
      /** The parameters of the request. May contain a URL with a secret. */
      input: t.unknown,
      /** `{ image_id }` after success. */
      result: t.unknown,
      /** Progress (`Copied 15 MiB`) or the reason of a failure; may be ''. */
      message: nullable(t.string),
      request_id: nullable(t.string),
      /** Spelling of `request_id` in the api-ref's sample. */
      'request-id': nullable(t.string),
      user_id: nullable(t.string),
      /** Spelling of `user_id` in the api-ref's sample. */
      user: nullable(t.string),
      created_at: nullable(DateText),
      updated_at: nullable(DateText),
      /** When Glance deletes the task; null until it has ended. */
      expires_at: nullable(DateText),
      deleted_at: nullable(DateText),
      deleted: nullable(t.boolean),
      self: nullable(t.string),
      schema: nullable(t.string),
    }),
  ],
  'GlanceTask',
)
export type GlanceTask = t.TypeOf<typeof GlanceTask>

/** GET /v2/images/{id}/tasks (without paging) and GET /v2/tasks (with paging). Decode each element with `GlanceTask`. */
export const GlanceTaskList = t.intersection(
  [t.type({ tasks: t.array(t.unknown) }), t.partial(listLinks)],
  'GlanceTaskList',
)
export type GlanceTaskList = t.TypeOf<typeof GlanceTaskList>
