import type { ImageSource } from '@imago/core'
import { messageOf, type Answer } from '@imago/core'
import { createTransport, systemTiming, type Transport } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource, createSession, type OpenstackOptions, type ServiceSettings } from '../src/index.ts'

/** Who logs in, and where: at a simulator or at the lab. */
export interface Account {
  readonly authUrl: string
  readonly region: string
  readonly userId: string
  readonly password: string
  /** Id of the project. */
  readonly project: string
  readonly compute?: ServiceSettings
}

export const valueOf = async <A>(answer: Answer<A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) throw new Error(messageOf(result.left))
  return result.right
}

export const optionsOf = ({ authUrl, region, userId, password, project, compute }: Account, transport: Transport): OpenstackOptions => ({
  name: 'prod',
  region: {
    name: region,
    auth: { kind: 'keystone', url: authUrl, methods: [{ method: 'password', user: { id: userId }, password }], scope: { kind: 'project', project: { id: project } } },
    services: { compute },
  },
  connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
})

/** For capabilities, which nobody need be asked for. */
export const capabilities = (() => {
  const transport = createTransport()
  const nobody: Account = { authUrl: 'http://127.0.0.1:9/v3', region: 'RegionOne', userId: 'nobody', password: 'none', project: 'none' }
  return createOpenstackSource(optionsOf(nobody, transport)).capabilities
})()

/** The id of a new image that holds a few bytes: uploading is not the source's yet. */
export const filledImage = async (options: OpenstackOptions, source: ImageSource, visibility: 'private' | 'shared' = 'private'): Promise<string> => {
  if (source.create === undefined) throw new Error('a source of Glance makes images')
  const { ref } = await valueOf(source.create({ name: 'imago-disposable', diskFormat: 'raw', visibility }))
  const { image } = createSession(options)
  const answer = await image({ method: 'PUT', url: `/v2/images/${ref.id}/file`, body: { kind: 'bytes', bytes: new TextEncoder().encode('data of an image') } })()
  if (E.isLeft(answer) || answer.right.status !== 204) throw new Error('the upload failed')
  return ref.id
}
