import type { HttpRequest } from '@imago/http'
import { present, toQuery, type PageParameters, type SortParameter } from './parameters.ts'

/** Spec: GET /ssh_keys. */
export interface SshKeyListParameters extends PageParameters {
  readonly sort?: SortParameter<'id' | 'name'> | undefined
  readonly name?: string | undefined
  readonly fingerprint?: string | undefined
  readonly label_selector?: string | undefined
}

/** A public key to add. Spec: POST /ssh_keys. */
export interface NewSshKey {
  readonly name: string
  /** In OpenSSH's format. */
  readonly public_key: string
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** Spec: PUT /ssh_keys/{id}. */
export interface SshKeyUpdate {
  readonly name?: string | undefined
  /** Replaces all labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined
}

export const listSshKeys = (parameters: SshKeyListParameters): HttpRequest => ({
  method: 'GET',
  url: '/ssh_keys',
  query: toQuery({ ...parameters }),
})

export const createSshKey = ({ name, public_key, labels }: NewSshKey): HttpRequest => ({
  method: 'POST',
  url: '/ssh_keys',
  body: { kind: 'json', value: present({ name, public_key, labels }) },
})

export const getSshKey = (id: number): HttpRequest => ({ method: 'GET', url: `/ssh_keys/${id}` })

export const updateSshKey = (id: number, { name, labels }: SshKeyUpdate): HttpRequest => ({
  method: 'PUT',
  url: `/ssh_keys/${id}`,
  body: { kind: 'json', value: present({ name, labels }) },
})

export const deleteSshKey = (id: number): HttpRequest => ({ method: 'DELETE', url: `/ssh_keys/${id}` })
