import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { perform, type ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { createOpenstackSource } from '../src/index.ts'
import { filledImage, optionsOf, valueOf } from './cloud.ts'
import { errorOf } from './error-of.ts'

const transport = createTransport()
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator()
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const idOf = (project: string): string => simulator.projects.find(({ name }) => name === project)?.id ?? ''

const sourceFor = (name: string, project: string): ImageSource => {
  const user = simulator.users.find((one) => one.name === name)
  return createOpenstackSource(
    optionsOf(
      {
        authUrl: simulator.authUrl,
        region: 'RegionOne',
        userId: user?.id ?? '',
        password: user?.password ?? '',
        project: idOf(project),
      },
      transport,
    ),
  )
}

describe('share with a project by its name', () => {
  test('an operator may name any, and withdraw by name again', async () => {
    const source = sourceFor('admin', 'admin')
    const id = await filledImage(source, 'shared')
    expect(await valueOf(perform(source, 'share', id, { action: 'invite', project: 'other' }))).toEqual([
      { project: idOf('other'), status: 'pending' },
    ])
    expect(await valueOf(perform(source, 'share', id, { action: 'withdraw', project: 'other' }))).toEqual([])
  })

  test('others may name their own', async () => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    expect(await valueOf(perform(source, 'share', id, { action: 'invite', project: 'demo' }))).toEqual([
      { project: idOf('demo'), status: 'pending' },
    ])
  })

  test.each(['my project', 'no-such-project', 'ff'])('%p is refused, and nothing is shared', async (project) => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    expect(await errorOf(perform(source, 'share', id, { action: 'invite', project }))).toMatchObject({
      _tag: 'NotFound',
      operation: 'share',
      what: `project not found: ${project}`,
    })
    expect(await valueOf(perform(source, 'shares', id))).toEqual([])
  })

  test('an id is taken as it is: whether a project has it is not for everyone to know', async () => {
    const source = sourceFor('demo', 'demo')
    const id = await filledImage(source, 'shared')
    const stranger = '1a600000000000000000000000000000'
    expect(await valueOf(perform(source, 'share', id, { action: 'invite', project: stranger }))).toEqual([
      { project: stranger, status: 'pending' },
    ])
  })
})
