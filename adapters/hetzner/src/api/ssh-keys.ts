import type { ImageResult } from '@imago/core'
import { HetznerSshKey, HetznerSshKeyEnvelope, HetznerSshKeyPage } from '@imago/schema-hetzner'
import { labelProblem } from '../requests/labels.ts'
import {
  createSshKey,
  deleteSshKey,
  getSshKey,
  listSshKeys,
  updateSshKey,
  type NewSshKey,
  type SshKeyListParameters,
  type SshKeyUpdate,
} from '../requests/ssh-keys.ts'
import type { HetznerSession } from '../session.ts'
import type { CallOptions } from './call.ts'
import { pageOf, recordAt, wireReader, type HetznerPage } from './read.ts'

/** Public keys that servers and rescue systems can be given. */
export interface SshKeysApi {
  /** `GET /ssh_keys`. */
  readonly list: (parameters?: SshKeyListParameters, options?: CallOptions) => ImageResult<HetznerPage<HetznerSshKey>>
  /** `POST /ssh_keys`. A name or key that is there already is a `Conflict`. */
  readonly create: (key: NewSshKey, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `GET /ssh_keys/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `PUT /ssh_keys/{id}`. */
  readonly update: (id: number, changes: SshKeyUpdate, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `DELETE /ssh_keys/{id}`. */
  readonly remove: (id: number, options?: CallOptions) => ImageResult<void>
}

export const sshKeysApi = ({ ask, tell }: HetznerSession): SshKeysApi => {
  const read = wireReader(HetznerSshKey)
  const page = pageOf(HetznerSshKeyPage, 'ssh_keys', read)
  const key = recordAt(HetznerSshKeyEnvelope, 'ssh_key', read)
  const of = (id: number): string => `SSH key ${id}`
  return {
    list: (parameters = {}, options) => ask(listSshKeys(parameters), { operation: 'sshKeys.list', ...options }, page),
    create: (made, options) =>
      ask(createSshKey(made), { operation: 'sshKeys.create', problem: labelProblem(made.labels), ...options }, key),
    get: (id, options) => ask(getSshKey(id), { operation: 'sshKeys.get', subject: of(id), ...options }, key),
    update: (id, changes, options) =>
      ask(
        updateSshKey(id, changes),
        { operation: 'sshKeys.update', subject: of(id), problem: labelProblem(changes.labels), ...options },
        key,
      ),
    remove: (id, options) => tell(deleteSshKey(id), { operation: 'sshKeys.remove', subject: of(id), ...options }),
  }
}
