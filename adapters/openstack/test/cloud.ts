import {
  RUN_EPOCH_PROPERTY,
  RUN_PROPERTY,
  createByteSource,
  formatError,
  perform,
  type ImageResult,
  type ImageSource,
} from '@imago/core/provider'
import { createTransport, systemTiming, type Transport } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenstackSource, type OpenstackOptions, type ServiceSettings } from '../src/index.ts'

/** Credentials and address of a simulator or of the lab. */
export interface Account {
  readonly authUrl: string
  readonly region: string
  readonly userId: string
  readonly password: string
  /** Project ID. */
  readonly project: string
  readonly compute?: ServiceSettings
}

export const getValue = async <A>(answer: ImageResult<A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) throw new Error(formatError(result.left))
  return result.right
}

export const toSourceOptions = (
  { authUrl, region, userId, password, project, compute }: Account,
  transport: Transport,
): OpenstackOptions => ({
  name: 'prod',
  region: {
    name: region,
    auth: {
      kind: 'keystone',
      url: authUrl,
      methods: [{ method: 'password', user: { id: userId }, password }],
      scope: { kind: 'project', project: { id: project } },
    },
    services: { compute },
  },
  connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
})

/** For capabilities, which require no request. */
export const capabilities = (() => {
  const transport = createTransport()
  const nobody: Account = {
    authUrl: 'http://127.0.0.1:9/v3',
    region: 'RegionOne',
    userId: 'nobody',
    password: 'none',
    project: 'none',
  }
  return createOpenstackSource(toSourceOptions(nobody, transport)).capabilities
})()

/** Creates an image without data, as left behind by a run, and returns its ID. */
export const waitingImage = async (
  source: ImageSource,
  visibility: 'private' | 'shared' = 'private',
): Promise<string> =>
  (
    await getValue(
      perform(source, 'create', {
        name: 'imago-waiting',
        diskFormat: 'raw',
        visibility,
        properties: { [RUN_PROPERTY]: 'imago-suite', [RUN_EPOCH_PROPERTY]: '3' },
      }),
    )
  ).ref.id

/** Creates an image with a few bytes and returns its ID. */
export const filledImage = async (
  source: ImageSource,
  visibility: 'private' | 'shared' = 'private',
): Promise<string> => {
  const { ref } = await getValue(perform(source, 'create', { name: 'imago-disposable', diskFormat: 'raw', visibility }))
  await getValue(perform(source, 'upload', ref.id, createByteSource(new TextEncoder().encode('data of an image'))))
  return ref.id
}

/** Serves a raw image for imports until `close` is called. */
export const servedImage = async (): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const server = createServer(
    (_, response) =>
      void response
        .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '70000' })
        .end(Buffer.alloc(70_000, 'imago')),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.raw`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Operations that the cloud does not record cannot be listed, so the check has nothing to test. */
export const NOT_TRIED: Readonly<Record<string, string>> = {
  'operations lists all work of an image on any number of pages, newest first, and operation returns each':
    'an image has no work but its import, and a store takes a copy once',
}

/** Why a member's source cannot pass these checks: by default, only admins may copy to other stores. */
export const FOR_ADMINS: Readonly<Record<string, string>> = {
  'copyToStore copies to the named stores, and returns an operation with its progress': 'copying is for admins',
  'copyToStore to an unknown store is Rejected': 'copying is for admins',
}
