import type { HttpRequest } from '@imago/http'
import type { HetznerServerStatus } from '@imago/schema-hetzner'
import { present, toQuery, type PageParameters, type SortParameter } from './parameters.ts'

/** An ID, or a name where the API accepts either. */
export type IdOrName = number | string

/** Spec: GET /servers. */
export interface ServerListParameters extends PageParameters {
  readonly name?: string | undefined
  readonly label_selector?: string | undefined
  readonly sort?: SortParameter<'id' | 'name' | 'created'> | undefined
  readonly status?: readonly HetznerServerStatus[] | undefined
}

/** A server to create. Spec: POST /servers. */
export interface NewServer {
  readonly name: string
  readonly server_type: IdOrName
  /** The API resolves a name by the architecture of the server type. */
  readonly image: IdOrName
  readonly location?: IdOrName | undefined
  readonly ssh_keys?: readonly IdOrName[] | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Default: `true`. */
  readonly start_after_create?: boolean | undefined
  /** For cloud-init. At most 32 KiB. May contain secrets. */
  readonly user_data?: string | undefined
  readonly public_net?:
    | { readonly enable_ipv4?: boolean | undefined; readonly enable_ipv6?: boolean | undefined }
    | undefined
  readonly networks?: readonly number[] | undefined
  readonly firewalls?: readonly { readonly firewall: number }[] | undefined
}

/** An image to create from a server's disk. Spec: POST /servers/{id}/actions/create_image. */
export interface NewServerImage {
  /** Default: `snapshot`. A backup requires a server with backups enabled. */
  readonly type?: 'snapshot' | 'backup' | undefined
  /** Default: Hetzner's own. */
  readonly description?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** Spec: POST /servers/{id}/actions/rebuild. */
export interface Rebuild {
  readonly image: IdOrName
  /** At most 32 KiB. May contain secrets. */
  readonly user_data?: string | undefined
}

/** Spec: POST /servers/{id}/actions/enable_rescue. */
export interface Rescue {
  /** Default: `linux64`. */
  readonly type?: string | undefined
  /** IDs of keys that may log in. */
  readonly ssh_keys?: readonly number[] | undefined
}

export const listServers = (parameters: ServerListParameters): HttpRequest => ({
  method: 'GET',
  url: '/servers',
  query: toQuery({ ...parameters }),
})

export const getServer = (id: number): HttpRequest => ({ method: 'GET', url: `/servers/${id}` })

export const createServer = ({
  name,
  server_type,
  image,
  location,
  ssh_keys,
  labels,
  start_after_create,
  user_data,
  public_net,
  networks,
  firewalls,
}: NewServer): HttpRequest => ({
  method: 'POST',
  url: '/servers',
  body: {
    kind: 'json',
    value: present({
      name,
      server_type,
      image,
      location,
      ssh_keys,
      labels,
      start_after_create,
      user_data,
      public_net:
        public_net === undefined
          ? undefined
          : present({ enable_ipv4: public_net.enable_ipv4, enable_ipv6: public_net.enable_ipv6 }),
      networks,
      firewalls: firewalls?.map(({ firewall }) => ({ firewall })),
    }),
  },
})

export const deleteServer = (id: number): HttpRequest => ({ method: 'DELETE', url: `/servers/${id}` })

const act = (id: number, action: string, body?: Readonly<Record<string, unknown>>): HttpRequest => ({
  method: 'POST',
  url: `/servers/${id}/actions/${action}`,
  ...(body === undefined ? {} : { body: { kind: 'json', value: present(body) } }),
})

export const createImageOfServer = (id: number, { type, description, labels }: NewServerImage): HttpRequest =>
  act(id, 'create_image', { type, description, labels })
export const rebuildServer = (id: number, { image, user_data }: Rebuild): HttpRequest =>
  act(id, 'rebuild', { image, user_data })
export const enableRescue = (id: number, { type, ssh_keys }: Rescue): HttpRequest =>
  act(id, 'enable_rescue', { type, ssh_keys })
export const disableRescue = (id: number): HttpRequest => act(id, 'disable_rescue')
export const attachIso = (id: number, iso: IdOrName): HttpRequest => act(id, 'attach_iso', { iso })
export const detachIso = (id: number): HttpRequest => act(id, 'detach_iso')
export const powerOnServer = (id: number): HttpRequest => act(id, 'poweron')
export const powerOffServer = (id: number): HttpRequest => act(id, 'poweroff')
export const shutDownServer = (id: number): HttpRequest => act(id, 'shutdown')
export const resetServer = (id: number): HttpRequest => act(id, 'reset')
