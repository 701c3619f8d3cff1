import {
  createRecordReader,
  readBody,
  readOptionalPart,
  readPart,
  readRecordAt,
  readRecords,
  type BodyReader,
  type RecordReader,
} from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import {
  HetznerAction,
  HetznerActionEnvelope,
  HetznerCreateImageEnvelope,
  HetznerServer,
  HetznerServerEnvelope,
  HetznerServerPage,
} from '@imago/schema-hetzner'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { findLabelProblem } from '../requests/labels.ts'
import {
  attachIso,
  createImageOfServer,
  createServer,
  deleteServer,
  detachIso,
  disableRescue,
  enableRescue,
  getServer,
  listServers,
  powerOffServer,
  powerOnServer,
  rebuildServer,
  resetServer,
  shutDownServer,
  type IdOrName,
  type NewServer,
  type NewServerImage,
  type Rebuild,
  type Rescue,
  type ServerListParameters,
} from '../requests/servers.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'
import { toSecret, type ApiSecret } from './secret.ts'

/** A server that is being created. */
export interface CreatedServer {
  readonly server: HetznerServer
  readonly action: HetznerAction | null
  readonly nextActions: readonly HetznerAction[]
  /** `null`: an SSH key was given. */
  readonly rootPassword: ApiSecret | null
}

/** An action, with a password if it sets one. */
export interface ActionWithPassword {
  readonly action: HetznerAction
  readonly rootPassword: ApiSecret | null
}

/** An image that is being created (`creating`), with its final ID. */
export interface CreatedImage<I> {
  readonly image: I
  readonly action: HetznerAction | null
}

/** A command to a server. */
export type ServerCommand = (id: number, options?: CallOptions) => ImageResult<HetznerAction>

/** Servers, as far as images and the rescue system need them. `I` is the type that images are read as. */
export interface ServersApi<I> {
  /** `GET /servers`. */
  readonly list: (parameters?: ServerListParameters, options?: CallOptions) => ImageResult<HetznerPage<HetznerServer>>
  /** `GET /servers/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerServer>
  /** `POST /servers`. Billed from then on. */
  readonly create: (server: NewServer, options?: CallOptions) => ImageResult<CreatedServer>
  /** `DELETE /servers/{id}`. Deletes its backups, too. */
  readonly remove: ServerCommand
  /** `POST /servers/{id}/actions/create_image`. After a failure the image may exist: check before a retry. */
  readonly createImage: (id: number, image: NewServerImage, options?: CallOptions) => ImageResult<CreatedImage<I>>
  /** `POST /servers/{id}/actions/rebuild`. Destroys the data of the server. */
  readonly rebuild: (id: number, rebuild: Rebuild, options?: CallOptions) => ImageResult<ActionWithPassword>
  /** `POST /servers/{id}/actions/enable_rescue`. For the next boot, within 60 minutes; does not reboot. */
  readonly enableRescue: (id: number, rescue?: Rescue, options?: CallOptions) => ImageResult<ActionWithPassword>
  /** `POST /servers/{id}/actions/disable_rescue`. */
  readonly disableRescue: ServerCommand
  /** `POST /servers/{id}/actions/poweron`. */
  readonly powerOn: ServerCommand
  /** `POST /servers/{id}/actions/poweroff`. Cuts the power. */
  readonly powerOff: ServerCommand
  /** `POST /servers/{id}/actions/shutdown`. Sends a request to the operating system, which may ignore it. */
  readonly shutDown: ServerCommand
  /** `POST /servers/{id}/actions/reset`. Cuts and restores the power. */
  readonly reset: ServerCommand
  /** `POST /servers/{id}/actions/attach_iso`. */
  readonly attachIso: (id: number, iso: IdOrName, options?: CallOptions) => ImageResult<HetznerAction>
  /** `POST /servers/{id}/actions/detach_iso`. */
  readonly detachIso: ServerCommand
}

const readAction = createRecordReader('hetzner', HetznerAction)
const readServer = createRecordReader('hetzner', HetznerServer)
const action = readRecordAt(HetznerActionEnvelope, 'action', readAction)

const openCreated = readBody(HetznerServerEnvelope)
const createdServer: BodyReader<CreatedServer> = (body) =>
  pipe(
    E.Do,
    E.bind('opened', () => openCreated(body)),
    E.bind('server', ({ opened }) => readPart(opened.server, '/server', readServer)),
    E.bind('action', ({ opened }) => readOptionalPart(opened.action, '/action', readAction)),
    E.map(({ opened, server, action: made }) => ({
      server,
      action: made,
      nextActions: readRecords(opened.next_actions ?? [], 'next_actions', readAction).items,
      rootPassword: toSecret(opened.root_password),
    })),
  )

const openAction = readBody(HetznerActionEnvelope)
const actionWithPassword: BodyReader<ActionWithPassword> = (body) =>
  pipe(
    openAction(body),
    E.flatMap((opened) =>
      pipe(
        readPart(opened.action, '/action', readAction),
        E.map((read) => ({ action: read, rootPassword: toSecret(opened.root_password) })),
      ),
    ),
  )

const openCreatedImage = readBody(HetznerCreateImageEnvelope)
const createdImage =
  <I>(readImage: RecordReader<I>): BodyReader<CreatedImage<I>> =>
  (body) =>
    pipe(
      E.Do,
      E.bind('opened', () => openCreatedImage(body)),
      E.bind('image', ({ opened }) => readPart(opened.image, '/image', readImage)),
      E.bind('action', ({ opened }) => readOptionalPart(opened.action, '/action', readAction)),
      E.map(({ image, action: making }) => ({ image, action: making })),
    )

const of = (id: number): string => `server ${id}`

export const serversApi = <I>({ read, masker }: HetznerSession, readImage: RecordReader<I>): ServersApi<I> => {
  const page = readPage(HetznerServerPage, 'servers', readServer)
  const server = readRecordAt(HetznerServerEnvelope, 'server', readServer)
  const madeImage = createdImage(readImage)
  /** Adds the password of the response to the masker. */
  const maskingPassword =
    <A extends { readonly rootPassword: ApiSecret | null }>(read: BodyReader<A>): BodyReader<A> =>
    (body) => {
      const made = read(body)
      if (E.isRight(made)) masker.add(made.right.rootPassword?.reveal() ?? '')
      return made
    }
  const command =
    (operation: string, request: (id: number) => Parameters<typeof read>[0]): ServerCommand =>
    (id, options) =>
      read(request(id), toCall({ operation, subject: of(id) }, options), action)
  return {
    list: (parameters = {}, options) =>
      read(listServers(parameters), toCall({ operation: 'servers.list' }, options), page),
    get: (id, options) => read(getServer(id), toCall({ operation: 'servers.get', subject: of(id) }, options), server),
    create: (made, options) =>
      read(
        createServer(made),
        toCall({ operation: 'servers.create', problem: findLabelProblem(made.labels) }, options),
        maskingPassword(createdServer),
      ),
    remove: command('servers.remove', deleteServer),
    createImage: (id, image, options) =>
      read(
        createImageOfServer(id, image),
        toCall({ operation: 'servers.createImage', subject: of(id), problem: findLabelProblem(image.labels) }, options),
        madeImage,
      ),
    rebuild: (id, rebuild, options) =>
      read(
        rebuildServer(id, rebuild),
        toCall({ operation: 'servers.rebuild', subject: of(id) }, options),
        maskingPassword(actionWithPassword),
      ),
    enableRescue: (id, rescue = {}, options) =>
      read(
        enableRescue(id, rescue),
        toCall({ operation: 'servers.enableRescue', subject: of(id) }, options),
        maskingPassword(actionWithPassword),
      ),
    disableRescue: command('servers.disableRescue', disableRescue),
    powerOn: command('servers.powerOn', powerOnServer),
    powerOff: command('servers.powerOff', powerOffServer),
    shutDown: command('servers.shutDown', shutDownServer),
    reset: command('servers.reset', resetServer),
    attachIso: (id, iso, options) =>
      read(attachIso(id, iso), toCall({ operation: 'servers.attachIso', subject: of(id) }, options), action),
    detachIso: command('servers.detachIso', detachIso),
  }
}
