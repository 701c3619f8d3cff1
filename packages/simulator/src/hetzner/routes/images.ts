import type { FastifyInstance } from 'fastify'
import { apiError, invalidField } from '../api-error.ts'
import { flag, labels, readBody, text, word } from '../body.ts'
import { imageAt, toWire, type ApiContext } from '../context.ts'
import { isOffered, type StoredImage } from '../image.ts'
import { named, page, selected, sorted } from '../listing.ts'
import type { Project } from '../project.ts'
import { dropImage } from '../storage.ts'
import { readFlag, readValues, readChoices, type Query } from '../query.ts'
import { actionAt, actionPage, concerns } from './action-lists.ts'

const fitting = (context: ApiContext, project: Project, query: Query): readonly StoredImage[] => {
  const types = readChoices(query, 'type', ['system', 'app', 'snapshot', 'backup'])
  const statuses = readChoices(query, 'status', ['available', 'creating', 'unavailable'])
  const architectures = readChoices(query, 'architecture', ['x86', 'arm'])
  const boundTo = readValues(query, 'bound_to')
  const withDeprecated = readFlag(query, 'include_deprecated')
  const now = context.clock()
  return [...context.offered.values(), ...project.images.values()].filter(
    (image) =>
      isOffered(image, now) &&
      (withDeprecated || image.deprecation === null) &&
      (types.length === 0 || types.includes(image.type)) &&
      (statuses.length === 0 || statuses.includes(image.status)) &&
      (architectures.length === 0 || architectures.includes(image.architecture)) &&
      (boundTo.length === 0 || (image.boundTo !== null && boundTo.includes(String(image.boundTo)))),
  )
}

/** Returns the project's own image; public images are rejected with 403. */
const own = (image: StoredImage): StoredImage => {
  if (image.type === 'system' || image.type === 'app')
    throw apiError('forbidden', `images of type ${image.type} cannot be changed`)
  return image
}

export const imageRoutes = (app: FastifyInstance, context: ApiContext): void => {
  const wire = toWire(context)

  app.get('/images', (request, reply) => {
    const query = request.query as Query
    const images = sorted(selected(named(fitting(context, context.getProject(request), query), query), query), query, {
      id: ({ id }) => id,
      name: ({ name }) => name,
      created: ({ created }) => created,
    })
    return page(request, reply, 'images', images, wire.image)
  })

  app.get('/images/:id', (request) => ({ image: wire.image(imageAt(context, request)) }))

  app.put('/images/:id', (request) => {
    const image = own(imageAt(context, request))
    const { type, ...rest } = readBody(request.body, { description: text, type: word('snapshot'), labels })
    const changed: StoredImage = { ...image, ...rest, ...(type === undefined ? {} : { type, boundTo: null }) }
    context.getProject(request).images.set(image.id, changed)
    return { image: wire.image(changed) }
  })

  app.delete('/images/:id', (request, reply) => {
    const image = own(imageAt(context, request))
    if (image.isProtected) throw apiError('protected', 'image is protected')
    if (image.status === 'creating') throw apiError('locked', 'image is locked')
    // The record stays: servers created from the image still show it.
    dropImage(context, context.getProject(request), image, context.clock())
    return reply.code(204).send()
  })

  app.post('/images/:id/actions/change_protection', (request, reply) => {
    const image = own(imageAt(context, request))
    const { delete: isProtected } = readBody(request.body, { delete: flag })
    if (image.type !== 'snapshot') throw invalidField('id', 'only snapshots can be protected')
    const { begin, images } = context.getProject(request)
    const onSuccess = (): void => {
      const current = images.get(image.id)
      if (current !== undefined && isProtected !== undefined) images.set(image.id, { ...current, isProtected })
    }
    return reply.code(201).send({
      action: wire.action(
        begin({ command: 'change_protection', resources: [{ id: image.id, type: 'image' }], onSuccess }),
      ),
    })
  })

  app.get('/images/actions', (request, reply) =>
    actionPage(context, request, reply, [...context.getProject(request).actions.values()].filter(concerns('image'))),
  )
  app.get('/images/actions/:id', (request) => actionAt(context, request, 'id', concerns('image')))
  app.get('/images/:id/actions', (request, reply) => {
    const image = imageAt(context, request)
    return actionPage(
      context,
      request,
      reply,
      [...context.getProject(request).actions.values()].filter(concerns('image', image.id)),
    )
  })
  app.get('/images/:id/actions/:action_id', (request) =>
    actionAt(context, request, 'action_id', concerns('image', imageAt(context, request).id)),
  )
}
