import type { HttpRequest } from '@imago/http'
import type {
  HetznerActionStatus,
  HetznerArchitecture,
  HetznerImageStatus,
  HetznerImageType,
} from '@imago/schema-hetzner'
import { present, toQuery, type PageParameters, type SortParameter } from './parameters.ts'

/** Spec: GET /images. */
export interface ImageListParameters extends PageParameters {
  readonly sort?: SortParameter<'id' | 'name' | 'created'> | undefined
  readonly type?: readonly HetznerImageType[] | undefined
  readonly status?: readonly HetznerImageStatus[] | undefined
  /** IDs of servers, for their backups. */
  readonly bound_to?: readonly number[] | undefined
  /** Default: `false`, without deprecated images. */
  readonly include_deprecated?: boolean | undefined
  /** The exact name. Only system and app images have one. */
  readonly name?: string | undefined
  /** `a==b,c,!d`; a comma means and. */
  readonly label_selector?: string | undefined
  readonly architecture?: HetznerArchitecture | undefined
}

/** Changes of a snapshot or backup. Absent properties are not changed. Spec: PUT /images/{id}. */
export interface ImageUpdate {
  readonly description?: string | undefined
  /** Converts a backup to a snapshot, irreversibly. */
  readonly type?: 'snapshot' | undefined
  /** Replaces all labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** Spec: GET /images/{id}/actions. */
export interface ActionListParameters extends PageParameters {
  readonly sort?: SortParameter<'id' | 'command' | 'status' | 'started' | 'finished'> | undefined
  readonly status?: readonly HetznerActionStatus[] | undefined
}

/** Spec: GET /images/actions. */
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

/** Idempotent. */
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
