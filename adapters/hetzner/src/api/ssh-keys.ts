import { createRecordReader, readRecordAt } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import { HetznerSshKey, HetznerSshKeyEnvelope, HetznerSshKeyPage } from '@imago/schema-hetzner'
import { findLabelProblem } from '../requests/labels.ts'
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
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'

/** Public keys for servers and rescue systems. */
export interface SshKeysApi {
  /** `GET /ssh_keys`. */
  readonly list: (parameters?: SshKeyListParameters, options?: CallOptions) => ImageResult<HetznerPage<HetznerSshKey>>
  /** `POST /ssh_keys`. An existing name or key is a `Conflict`. */
  readonly create: (key: NewSshKey, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `GET /ssh_keys/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `PUT /ssh_keys/{id}`. */
  readonly update: (id: number, changes: SshKeyUpdate, options?: CallOptions) => ImageResult<HetznerSshKey>
  /** `DELETE /ssh_keys/{id}`. */
  readonly remove: (id: number, options?: CallOptions) => ImageResult<void>
}

export const sshKeysApi = ({ read, send }: HetznerSession): SshKeysApi => {
  const readRecord = createRecordReader('hetzner', HetznerSshKey)
  const page = readPage(HetznerSshKeyPage, 'ssh_keys', readRecord)
  const key = readRecordAt(HetznerSshKeyEnvelope, 'ssh_key', readRecord)
  const of = (id: number): string => `SSH key ${id}`
  return {
    list: (parameters = {}, options) =>
      read(listSshKeys(parameters), toCall({ operation: 'sshKeys.list' }, options), page),
    create: (made, options) =>
      read(
        createSshKey(made),
        toCall({ operation: 'sshKeys.create', problem: findLabelProblem(made.labels) }, options),
        key,
      ),
    get: (id, options) => read(getSshKey(id), toCall({ operation: 'sshKeys.get', subject: of(id) }, options), key),
    update: (id, changes, options) =>
      read(
        updateSshKey(id, changes),
        toCall({ operation: 'sshKeys.update', subject: of(id), problem: findLabelProblem(changes.labels) }, options),
        key,
      ),
    remove: (id, options) => send(deleteSshKey(id), toCall({ operation: 'sshKeys.remove', subject: of(id) }, options)),
  }
}
