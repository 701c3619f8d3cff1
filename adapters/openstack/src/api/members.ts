import type { ImageResult } from '@imago/core/provider'
import { GlanceMember } from '@imago/schema-openstack'
import { imageSubject } from '../requests/images.ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'

/** `/v2/images/{id}/members`: the projects that an image of visibility `shared` is shared with. `Conflict` for other images. */
export interface MembersApi {
  /** The owner sees all members; a member sees only itself. A single page. */
  readonly list: (imageId: string, options?: CallOptions) => ImageResult<Listed<GlanceMember>>
  readonly get: (imageId: string, project: string, options?: CallOptions) => ImageResult<GlanceMember>
  /** For the owner. A `pending` member can already use the image. `Conflict` for an existing member. */
  readonly add: (imageId: string, project: string, options?: CallOptions) => ImageResult<GlanceMember>
  /** For the member. */
  readonly update: (
    imageId: string,
    project: string,
    status: 'pending' | 'accepted' | 'rejected',
    options?: CallOptions,
  ) => ImageResult<GlanceMember>
  readonly remove: (imageId: string, project: string, options?: CallOptions) => ImageResult<void>
}

const toMembers = (imageId: string): Pick<ApiRequest, 'path' | 'subject'> => ({
  path: ['v2', 'images', imageId, 'members'],
  subject: imageSubject(imageId),
})

const toMember = (imageId: string, project: string): Pick<ApiRequest, 'path' | 'subject'> => ({
  path: ['v2', 'images', imageId, 'members', project],
  subject: `member ${project} of ${imageSubject(imageId)}`,
})

export const membersApi = (caller: Caller): MembersApi => ({
  list: (imageId, options) =>
    caller.listed('members', GlanceMember, { name: 'members.list', method: 'GET', ...toMembers(imageId) }, options),
  get: (imageId, project, options) =>
    caller.decoded(GlanceMember, { name: 'members.get', method: 'GET', ...toMember(imageId, project) }, options),
  add: (imageId, project, options) =>
    caller.decoded(
      GlanceMember,
      {
        name: 'members.add',
        method: 'POST',
        ...toMembers(imageId),
        body: { kind: 'json', value: { member: project } },
      },
      options,
    ),
  update: (imageId, project, status, options) =>
    caller.decoded(
      GlanceMember,
      {
        name: 'members.update',
        method: 'PUT',
        ...toMember(imageId, project),
        body: { kind: 'json', value: { status } },
      },
      options,
    ),
  remove: (imageId, project, options) =>
    caller.done({ name: 'members.remove', method: 'DELETE', ...toMember(imageId, project) }, options),
})
