import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { perform, type ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { createOpenstackSource } from '../../src/index.ts'
import { filledImage, toSourceOptions, getValue } from '../cloud.ts'
import { getError } from '../get-error.ts'

const transport = createTransport()
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator()
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const findId = (project: string): string => simulator.projects.find(({ name }) => name === project)?.id ?? ''

const sourceFor = (name: string, project: string): ImageSource => {
  const user = simulator.users.find((one) => one.name === name)
  return createOpenstackSource(
    toSourceOptions(
      {
        authUrl: simulator.authUrl,
        region: 'RegionOne',
        userId: user?.id ?? '',
        password: user?.password ?? '',
        project: findId(project),
      },
      transport,
    ),
  )
}

describe('share by project name', () => {
  it('lets an operator use any project, also to withdraw', async () => {
    const source = sourceFor('admin', 'admin')
    const id = await filledImage(source, 'shared')
    expect(await getValue(perform(source, 'share', id, { action: 'invite', project: 'other' }))).toEqual([
      { project: findId('other'), status: 'pending' },
    ])
    expect(await getValue(perform(source, 'share', id, { action: 'withdraw', project: 'other' }))).toEqual([])
  })

  it('lets a user share with the user’s other projects', async () => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    expect(await getValue(perform(source, 'share', id, { action: 'invite', project: 'demo' }))).toEqual([
      { project: findId('demo'), status: 'pending' },
    ])
  })

  it.each(['my project', 'no-such-project', 'ff'])('rejects %p without sharing', async (project) => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    expect(await getError(perform(source, 'share', id, { action: 'invite', project }))).toMatchObject({
      _tag: 'NotFound',
      operation: 'share',
      what: `project not found: ${project}`,
    })
    expect(await getValue(perform(source, 'shares', id))).toEqual([])
  })

  it('accepts an ID unchecked, because not all users can look it up', async () => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    const stranger = '1a600000000000000000000000000000'
    expect(await getValue(perform(source, 'share', id, { action: 'invite', project: stranger }))).toEqual([
      { project: stranger, status: 'pending' },
    ])
  })
})
