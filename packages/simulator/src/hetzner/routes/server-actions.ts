import type { FastifyInstance } from 'fastify'
import type { Resource } from '../action.ts'
import { apiError, invalidField } from '../api-error.ts'
import { flag, idOrName, labels, list, need, nullable, readBody, required, text, word } from '../body.ts'
import { ISOS } from '../catalogue/isos.ts'
import { serverAt, toWire, type ApiContext } from '../context.ts'
import type { StoredImage } from '../image.ts'
import { findServerImage, matchesIdOrName, findSshKeys } from '../requested-resources.ts'
import { bootServer, BOOTED } from '../power.ts'
import { change, type Project } from '../project.ts'
import { imageSize } from '../seed.ts'
import { copyToImage, copyToServer, dropBackups, dropImage } from '../storage.ts'
import { randomText } from '../seeded.ts'
import { RESCUE_MS, type StoredServer } from '../server.ts'
import { userData } from './servers.ts'

/** The number of backups of a server; a further one replaces the oldest. */
const BACKUP_SLOTS = 7

/** The effects of an action: the change while it runs, the change after success, and additional response fields. */
interface Plan {
  readonly command: string
  readonly resources?: readonly Resource[]
  readonly meanwhile?: Partial<StoredServer>
  readonly onSuccess?: (at: number) => void
  readonly onError?: (at: number) => void
  readonly work?: Promise<unknown>
  readonly responseFields?: () => Readonly<Record<string, unknown>>
  readonly isInstant?: boolean
}

type ToPlan = (server: StoredServer, project: Project, body: unknown) => Plan

const removeOldestBackup = (context: ApiContext, project: Project, serverId: number, at: number): void => {
  const backups = [...project.images.values()]
    .filter(({ boundTo, deleted }) => boundTo === serverId && deleted === null)
    .sort((a, b) => a.created - b.created)
  const [oldest] = backups
  if (oldest !== undefined && backups.length > BACKUP_SLOTS) dropImage(context, project, oldest, at)
}

const createImage =
  (context: ApiContext): ToPlan =>
  (server, project, given) => {
    const body = readBody(given, {
      type: nullable(word('snapshot', 'backup')),
      description: nullable(text),
      labels: nullable(labels),
    })
    const type = body.type ?? 'snapshot'
    if (type === 'backup' && server.backupWindow === null)
      throw invalidField('type', 'backups are not enabled for this server')
    const created = context.clock()
    const os = project.images.get(server.imageId) ?? context.offered.get(server.imageId)
    const image: StoredImage = {
      id: project.nextId('image'),
      type,
      status: 'creating',
      name: null,
      description:
        body.description ??
        `${type} image created at ${new Date(created).toISOString().slice(0, 19).replace('T', ' ')}`,
      imageSize: null,
      diskSize: server.type.disk,
      created,
      createdFrom: { id: server.id, name: server.name },
      boundTo: type === 'backup' ? server.id : null,
      osFlavor: os?.osFlavor ?? 'unknown',
      osVersion: os?.osVersion ?? null,
      rapidDeploy: false,
      isProtected: false,
      deprecation: null,
      deleted: null,
      labels: body.labels ?? {},
      architecture: server.type.architecture,
      diskSeed: server.diskSeed,
    }
    project.images.set(image.id, image)
    const copy = copyToImage(context, server, image.id)
    return {
      command: 'create_image',
      resources: [{ id: image.id, type: 'image' }],
      ...(copy !== null && { work: copy.work }),
      onSuccess: (at) => {
        change(project.images, image.id, {
          status: 'available',
          imageSize: copy?.imageSize() ?? imageSize(project, image.diskSize),
        })
        if (type === 'backup') removeOldestBackup(context, project, server.id, at)
      },
      onError: (at) => dropImage(context, project, { ...image, status: 'unavailable' }, at),
      responseFields: () => ({ image: toWire(context).image(project.images.get(image.id) ?? image) }),
    }
  }

const rebuild =
  (context: ApiContext): ToPlan =>
  (server, project, given) => {
    const body = readBody(given, { image: required(idOrName), user_data: userData })
    if (server.protection.rebuild) throw apiError('protected', 'server is protected')
    const image = findServerImage(context, project, server.type, need(body.image, 'image'))
    const password = randomText(project.random, 20)
    return {
      command: 'rebuild_server',
      resources: [{ id: image.id, type: 'image' }],
      meanwhile: { status: 'rebuilding', rescueUntil: null },
      ...copyToServer(context, image, server.id, server.type.disk),
      onSuccess: () =>
        change(project.servers, server.id, { ...BOOTED, imageId: image.id, diskSeed: image.diskSeed ?? image.id }),
      onError: () => change(project.servers, server.id, { status: 'off' }),
      responseFields: () => ({ root_password: password }),
    }
  }

const enableRescue =
  ({ clock }: ApiContext): ToPlan =>
  (server, project, given) => {
    const body = readBody(given, { type: nullable(word('linux64')), ssh_keys: nullable(list(idOrName)) })
    const rescueKeys = findSshKeys(project, body.ssh_keys ?? []).map(({ publicKey }) => publicKey)
    if (server.rescueUntil !== null && clock() < server.rescueUntil)
      throw apiError('invalid_input', 'rescue mode is already enabled')
    const password = randomText(project.random, 20)
    return {
      command: 'enable_rescue',
      onSuccess: (at) => change(project.servers, server.id, { rescueUntil: at + RESCUE_MS, rescueKeys }),
      responseFields: () => ({ root_password: password }),
    }
  }

const attachIso: ToPlan = (server, project, given) => {
  const wanted = need(readBody(given, { iso: required(idOrName) }).iso, 'iso')
  const iso = ISOS.find((one) => matchesIdOrName(one, wanted))
  if (iso === undefined) throw invalidField('iso', `ISO '${wanted}' not found`)
  if (iso.architecture !== null && iso.architecture !== server.type.architecture)
    throw invalidField('iso', `architecture ${iso.architecture} does not fit the server`)
  return {
    command: 'attach_iso',
    resources: [{ id: iso.id, type: 'iso' }],
    onSuccess: () => change(project.servers, server.id, { iso }),
  }
}

const changeProtection: ToPlan = (server, project, given) => {
  const changes = readBody(given, { delete: flag, rebuild: flag })
  // Currently both must have the same value: https://docs.hetzner.cloud/reference/cloud#tag/server-actions
  if (changes.delete !== changes.rebuild) throw invalidField('rebuild', 'delete and rebuild must have the same value')
  return {
    command: 'change_protection',
    onSuccess: () => change(project.servers, server.id, { protection: { ...server.protection, ...changes } }),
  }
}

const disableBackups =
  (context: ApiContext): ToPlan =>
  (server, project, given) => {
    readBody(given, {})
    return {
      command: 'disable_backup',
      onSuccess: (at) => {
        change(project.servers, server.id, { backupWindow: null })
        dropBackups(context, project, server.id, at)
      },
    }
  }

const detachIso: ToPlan = (server, project, given) => ({
  ...simply('detach_iso', { iso: null })(server, project, given),
  isInstant: server.iso === null,
})

/** Creates an action that only changes fields of the server. */
const simply =
  (command: string, changes: Partial<StoredServer>, meanwhile: Partial<StoredServer> = {}): ToPlan =>
  (server, project, given) => {
    readBody(given, {})
    return {
      command,
      meanwhile,
      onSuccess: () => change(project.servers, server.id, changes),
      onError: () => change(project.servers, server.id, { status: server.status }),
    }
  }

const powerOn =
  (context: ApiContext): ToPlan =>
  (server, project, given) => {
    readBody(given, {})
    const isOn = server.status === 'running'
    const onSuccess = isOn ? undefined : (at: number): void => bootServer(context, project, server.id, at)
    return {
      command: 'start_server',
      ...(!isOn && { meanwhile: { status: 'starting' } }),
      ...(onSuccess && { onSuccess }),
      onError: () => change(project.servers, server.id, { status: server.status }),
    }
  }

const powerOff =
  (command: string, context: ApiContext): ToPlan =>
  (server, project, given) => {
    readBody(given, {})
    const onSuccess = (): void => {
      void context.rescue.stop(server.id)
      change(project.servers, server.id, { status: 'off' })
    }
    return {
      command,
      meanwhile: { status: 'stopping' },
      onSuccess,
      onError: () => change(project.servers, server.id, { status: server.status }),
    }
  }

const restart =
  (command: string, context: ApiContext): ToPlan =>
  (server, project, given) => {
    readBody(given, {})
    return { command, onSuccess: (at) => bootServer(context, project, server.id, at) }
  }

/** https://docs.hetzner.cloud/reference/cloud#tag/server-actions: the actions that concern images. */
export const serverActionRoutes = (app: FastifyInstance, context: ApiContext): void => {
  const plans: Readonly<Record<string, ToPlan>> = {
    poweron: powerOn(context),
    poweroff: powerOff('stop_server', context),
    shutdown: powerOff('shutdown_server', context),
    reboot: restart('reboot_server', context),
    reset: restart('reset_server', context),
    create_image: createImage(context),
    rebuild: rebuild(context),
    enable_rescue: enableRescue(context),
    disable_rescue: simply('disable_rescue', { rescueUntil: null }),
    enable_backup: simply('enable_backup', { backupWindow: '22-02' }),
    disable_backup: disableBackups(context),
    attach_iso: attachIso,
    detach_iso: detachIso,
    change_protection: changeProtection,
  }

  for (const [path, toPlan] of Object.entries(plans)) {
    app.post(`/servers/:id/actions/${path}`, (request, reply) => {
      const project = context.getProject(request)
      const server = serverAt(context, request)
      if (project.isLocked(server.id)) throw apiError('locked', 'server is locked')
      const {
        command,
        resources = [],
        meanwhile = {},
        onSuccess,
        onError,
        work,
        responseFields,
        isInstant = false,
      } = toPlan(server, project, request.body)
      change(project.servers, server.id, meanwhile)
      const action = project.begin({
        command,
        resources: [{ id: server.id, type: 'server' }, ...resources],
        ...(onSuccess && { onSuccess }),
        ...(onError && { onError }),
        ...(work && { work }),
        isInstant,
      })
      return reply.code(201).send({ ...responseFields?.(), action: toWire(context).action(action) })
    })
  }
}
