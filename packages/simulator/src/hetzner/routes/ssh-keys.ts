import type { FastifyInstance, FastifyRequest } from 'fastify'
import { apiError, invalidField, notFound } from '../api-error.ts'
import { labels, need, readBody, required, text } from '../body.ts'
import { parseId, type ApiContext } from '../context.ts'
import { named, page, selected, sorted } from '../listing.ts'
import type { Project } from '../project.ts'
import { readValue, type Query } from '../query.ts'
import { computeFingerprint, toWireSshKey, type StoredSshKey } from '../ssh-key.ts'

const keyAt = (project: Project, request: FastifyRequest): StoredSshKey => {
  const id = parseId(request, 'SSH key')
  const key = project.sshKeys.get(id)
  if (key === undefined) throw notFound('SSH key', id)
  return key
}

/** Names and fingerprints are unique in a project. */
const refuseTwin = (project: Project, field: 'name' | 'fingerprint', value: string, except?: number): void => {
  const twin = [...project.sshKeys.values()].find((key) => key[field] === value && key.id !== except)
  if (twin !== undefined)
    throw apiError('uniqueness_error', `SSH key with the same ${field} already exists`, {
      fields: [{ name: field === 'name' ? 'name' : 'public_key' }],
    })
}

export const sshKeyRoutes = (app: FastifyInstance, context: ApiContext): void => {
  const toWire = (key: StoredSshKey): unknown => toWireSshKey(key, context.era)

  app.get('/ssh_keys', (request, reply) => {
    const query = request.query as Query
    const fingerprint = readValue(query, 'fingerprint')
    const keys = [...context.getProject(request).sshKeys.values()].filter(
      (key) => fingerprint === null || key.fingerprint === fingerprint,
    )
    return page(
      request,
      reply,
      'ssh_keys',
      sorted(selected(named(keys, query), query), query, { id: ({ id }) => id, name: ({ name }) => name }),
      toWire,
    )
  })

  app.get('/ssh_keys/:id', (request) => ({ ssh_key: toWire(keyAt(context.getProject(request), request)) }))

  app.post('/ssh_keys', (request, reply) => {
    const project = context.getProject(request)
    const body = readBody(request.body, { name: required(text), public_key: required(text), labels })
    const name = need(body.name, 'name')
    const publicKey = need(body.public_key, 'public_key')
    const fingerprint = computeFingerprint(publicKey)
    if (fingerprint === null) throw invalidField('public_key', 'is not a valid SSH public key')
    refuseTwin(project, 'name', name)
    refuseTwin(project, 'fingerprint', fingerprint)
    const key: StoredSshKey = {
      id: project.nextId('sshKey'),
      name,
      publicKey,
      fingerprint,
      labels: body.labels ?? {},
      created: context.clock(),
    }
    project.sshKeys.set(key.id, key)
    return reply.code(201).send({ ssh_key: toWire(key) })
  })

  app.put('/ssh_keys/:id', (request) => {
    const project = context.getProject(request)
    const key = keyAt(project, request)
    const changes = readBody(request.body, { name: text, labels })
    if (changes.name !== undefined) refuseTwin(project, 'name', changes.name, key.id)
    const changed = { ...key, ...changes }
    project.sshKeys.set(key.id, changed)
    return { ssh_key: toWire(changed) }
  })

  app.delete('/ssh_keys/:id', (request, reply) => {
    const project = context.getProject(request)
    project.sshKeys.delete(keyAt(project, request).id)
    return reply.code(204).send()
  })
}
