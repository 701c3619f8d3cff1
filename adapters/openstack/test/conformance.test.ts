import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { perform, type ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { createFastTiming, faultsOfSimulator, imageSourceSuite } from '@imago/testkit'
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import tier from '../../../tools/jest/tier.cjs'
import {
  capabilities,
  filledImage,
  FOR_ADMINS,
  NOT_TRIED,
  toSourceOptions,
  servedImage,
  getValue,
  waitingImage,
} from './cloud.ts'
import { getError } from './get-error.ts'

const transport = createTransport()
let simulator: OpenstackSimulator
let image: Awaited<ReturnType<typeof servedImage>>

beforeAll(async () => {
  // Long enough that a busy machine still sees the snapshot in progress.
  simulator = await createOpenstackSimulator({ snapshotMs: 2000, importMs: 50 })
  image = await servedImage()
})
afterAll(async () => {
  await simulator.close()
  await image.close()
  transport.close()
})

const optionsFor = (name: string, project: string): OpenstackOptions => {
  const user = simulator.users.find((one) => one.name === name)
  const { id } = simulator.projects.find((one) => one.name === project) ?? {}
  if (user?.password === undefined || user.password === null || id === undefined)
    throw new Error(`the simulator knows no ${name} in ${project}`)
  return toSourceOptions(
    { authUrl: simulator.authUrl, region: 'RegionOne', userId: user.id, password: user.password, project: id },
    transport,
  )
}

const demo = (): OpenstackOptions => optionsFor('demo', 'demo')
const make = (): ImageSource => createOpenstackSource(demo())
// The short tier leaves them out: the checks under faults take most of the time.
const faults = {
  port: () => faultsOfSimulator(simulator),
  make: (): ImageSource => {
    const options = demo()
    return createOpenstackSource({ ...options, connection: { ...options.connection, timing: createFastTiming() } })
  },
}
const other = (): { readonly source: ImageSource; readonly project: string } => ({
  source: createOpenstackSource(optionsFor('other', 'other')),
  project: simulator.projects.find(({ name }) => name === 'other')?.id ?? '',
})
const server = async (): Promise<string> =>
  (await getValue(createOpenstackApi(demo()).servers.list())).items[0]?.id ?? ''

const orphan = async (
  source: ImageSource,
): Promise<{ readonly kind: 'image'; readonly id: string; readonly run: string; readonly epoch: number }> => ({
  kind: 'image',
  id: await waitingImage(source),
  run: 'imago-suite',
  epoch: 3,
})

const url = (): string => image.url
const stores = ['slow']

describe('OpenStack source with the simulator', () => {
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make,
      other,
      server,
      url,
      stores,
      ...(tier.isComplete ? { faults } : {}),
      orphan,
      timing: { intervalMs: 20 },
      exceptions: FOR_ADMINS,
      skips: NOT_TRIED,
    },
  )
})

describe('OpenStack source as administrator with the simulator', () => {
  const exceptions = {
    'servers lists the server for createFromServer, and filters by name': 'the server is another project’s',
  }
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: () => createOpenstackSource(optionsFor('admin', 'admin')),
      server,
      url,
      stores,
      timing: { intervalMs: 20 },
      exceptions,
      skips: NOT_TRIED,
    },
  )
})

describe('OpenStack source as reader with the simulator', () => {
  const reader = (): ImageSource => createOpenstackSource(optionsFor('reader', 'demo'))
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: reader,
      refused: () => waitingImage(make(), 'shared'),
      server,
      url,
      stores,
      exceptions: {
        'copyToStore is Forbidden for read-only credentials': 'that there is nothing to copy is told first',
      },
    },
  )

  it('returns Forbidden for copyToStore', async () => {
    expect(await getError(perform(reader(), 'copyToStore', await filledImage(make()), { stores }))).toMatchObject({
      _tag: 'Forbidden',
      operation: 'copyToStore',
    })
  })
})
