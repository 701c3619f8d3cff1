import { afterAll, beforeAll, describe, test } from '@jest/globals'
import type { ImageSource } from '@imago/core'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { imageSourceSuite } from '@imago/testkit'
import { createOpenstackApi, createOpenstackSource, type OpenstackOptions } from '../src/index.ts'
import { capabilities, filledImage, optionsOf, valueOf } from './cloud.ts'

const transport = createTransport()
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ snapshotMs: 50 })
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const optionsFor = (name: string, project: string): OpenstackOptions => {
  const user = simulator.users.find((one) => one.name === name)
  const { id } = simulator.projects.find((one) => one.name === project) ?? {}
  if (user?.password === undefined || user.password === null || id === undefined) throw new Error(`the simulator knows no ${name} in ${project}`)
  return optionsOf({ authUrl: simulator.authUrl, region: 'RegionOne', userId: user.id, password: user.password, project: id }, transport)
}

const demo = (): OpenstackOptions => optionsFor('demo', 'demo')
const make = (): ImageSource => createOpenstackSource(demo())
const disposable = (source: ImageSource): Promise<string> => filledImage(demo(), source)
const other = (): { readonly source: ImageSource; readonly project: string } => ({
  source: createOpenstackSource(optionsFor('other', 'other')),
  project: simulator.projects.find(({ name }) => name === 'other')?.id ?? '',
})
const server = async (): Promise<string> => (await valueOf(createOpenstackApi(demo()).servers.list())).items[0]?.id ?? ''

describe('OpenStack’s source, at the simulator', () => {
  imageSourceSuite({ describe, test }, { capabilities, make, disposable, other, server, timing: { intervalMs: 20 } })
})

describe('OpenStack’s source with the role reader, at the simulator', () => {
  imageSourceSuite(
    { describe, test },
    { capabilities, make: () => createOpenstackSource(optionsFor('reader', 'demo')), refused: () => filledImage(demo(), make(), 'shared'), server },
  )
})
