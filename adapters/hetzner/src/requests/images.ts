import type { HttpRequest } from '@imago/http'
import type {
  HetznerActionStatus,
  HetznerArchitecture,
  HetznerImageStatus,
  HetznerImageType,
} from '@imago/schema-hetzner'
import { present, toQuery, type PageParameters, type SortParameter } from './parameters.ts'

/** What images to list. Spec: GET /images. */
export interface ImageListParameters extends PageParameters {
  readonly sort?: SortParameter<'id' | 'name' | 'created'> | undefined
  readonly type?: readonly HetznerImageType[] | undefined
  readonly status?: readonly HetznerImageStatus[] | undefined
  /** Ids of servers: the backups of these. */
  readonly bound_to?: readonly number[] | undefined
  /** `false`, the API's default, leaves out the deprecated ones. */
  readonly include_deprecated?: boolean | undefined
  /** Exactly. System and app images only: others have none. */
  readonly name?: string | undefined
  /** `a==b,c,!d`; comma is "and". */
  readonly label_selector?: string | undefined
  readonly architecture?: HetznerArchitecture | undefined
}

/** What to change of a snapshot or backup. What is absent stays. Spec: PUT /images/{id}. */
export interface ImageUpdate {
  readonly description?: string | undefined
  /** A backup becomes a snapshot, for good. */
  readonly type?: 'snapshot' | undefined
  /** Replaces all labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** What actions to list. Spec: GET /images/{id}/actions. */
export interface ActionListParameters extends PageParameters {
  readonly sort?: SortParameter<'id' | 'command' | 'status' | 'started' | 'finished'> | undefined
  readonly status?: readonly HetznerActionStatus[] | undefined
}

/** What actions to list, of all images. Spec: GET /images/actions. */
export interface AllActionsParameters extends ActionListParameters {
  readonly id?: readonly number[] | undefined
}

export const listImages = (parameters: ImageListParameters): HttpRequest => ({
  method: 'GET',
  url: '/images',
  query: toQuery({ ...parameters }),
})

export const getImage = (id: number): HttpRequest => ({ method: 'GET', url: `/images/${id}` })

export const updateImage = (id: number, { description, type, labels }: ImageUpdate): HttpRequest => ({
  method: 'PUT',
  url: `/images/${id}`,
  body: { kind: 'json', value: present({ description, type, labels }) },
})

export const deleteImage = (id: number): HttpRequest => ({ method: 'DELETE', url: `/images/${id}` })

/** Doing it twice is the same as doing it once. */
export const changeImageProtection = (
  id: number,
  protection: { readonly delete?: boolean | undefined },
): HttpRequest => ({
  method: 'POST',
  url: `/images/${id}/actions/change_protection`,
  body: { kind: 'json', value: present({ delete: protection.delete }) },
  idempotent: true,
})

export const listActionsOfImage = (id: number, parameters: ActionListParameters): HttpRequest => ({
  method: 'GET',
  url: `/images/${id}/actions`,
  query: toQuery({ ...parameters }),
})

export const listActionsOfImages = (parameters: AllActionsParameters): HttpRequest => ({
  method: 'GET',
  url: '/images/actions',
  query: toQuery({ ...parameters }),
})

export const getActionOfImages = (actionId: number): HttpRequest => ({
  method: 'GET',
  url: `/images/actions/${actionId}`,
})
