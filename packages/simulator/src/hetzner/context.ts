import type { FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { notFound } from './api-error.ts'
import { toWireAction, type StoredAction } from './action.ts'
import type { Era } from './era.ts'
import { toWireImage, type StoredImage } from './image.ts'
import type { Project } from './project.ts'
import type { Rescue } from './rescue/rescue.ts'
import { toWireServer, type StoredServer } from './server.ts'

/** The state that all routes share. */
export interface ApiContext {
  readonly clock: Clock
  readonly era: Era
  /** Public images. */
  readonly offered: ReadonlyMap<number, StoredImage>
  readonly rescue: Rescue
  /** Returns the project of the request's token. */
  readonly getProject: (request: FastifyRequest) => Project
}

/** Reads an ID from the path; text that is not a number has no record. */
export const parseId = (request: FastifyRequest, what: string, name = 'id'): number => {
  const text = (request.params as Readonly<Record<string, string>>)[name] ?? ''
  if (!/^[1-9]\d{0,15}$/.test(text)) throw notFound(what, text)
  return Number(text)
}

export const findImage = ({ offered }: ApiContext, project: Project, id: number): StoredImage | null =>
  project.images.get(id) ?? offered.get(id) ?? null

export const imageAt = (context: ApiContext, request: FastifyRequest): StoredImage => {
  const id = parseId(request, 'image')
  const image = findImage(context, context.getProject(request), id)
  if (image === null || image.deleted !== null) throw notFound('image', id)
  return image
}

export const serverAt = (context: ApiContext, request: FastifyRequest): StoredServer => {
  const id = parseId(request, 'server')
  const server = context.getProject(request).servers.get(id)
  if (server === undefined) throw notFound('server', id)
  return server
}

export const toWire = (context: ApiContext) => ({
  image: (image: StoredImage): unknown => toWireImage(image, context.era),
  action: (action: StoredAction): unknown => toWireAction(action, context.clock(), context.era),
  server: (project: Project, server: StoredServer): unknown =>
    toWireServer(server, {
      now: context.clock(),
      era: context.era,
      image: findImage(context, project, server.imageId),
      isLocked: project.isLocked(server.id),
      address: context.rescue.getAddress(server.id),
    }),
})
