import { describe, expect, it } from '@jest/globals'
import type { ImageSource, Operation } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { snapshot } from '../../../src/commands/snapshot/run.ts'
import { image, stage, findImage, JSON_OUTPUT, TABLE, printed, problem, createOperation } from '../../writing/stage.ts'

describe('snapshot', () => {
  const TIMES = { timeout: '10m', interval: '1s', wait: true }
  const servers = [
    { id: '7', name: 'web', status: 'running', labels: { role: 'web' } },
    { id: '8', name: 'twin', status: null, labels: {} },
    { id: '9', name: 'twin', status: null, labels: { role: 'web' } },
  ]
  const CREATING = { ...TIMES, setKind: 'snapshot' } as const
  const began = image('1', { status: 'pending' })
  const script = (answers: readonly Operation[]) => {
    const left = [...answers]
    const asked: unknown[] = []
    const methods: Partial<ImageSource> = {
      servers: () => TE.right(servers),
      createFromServer: (request) => {
        asked.push(request)
        return TE.right({ image: began, operation: createOperation({ progress: 0 }) })
      },
      operation: () => async () => E.right((left.length > 1 ? left.shift() : left[0]) as Operation),
    }
    return { ...stage({}, methods), asked }
  }

  it('finds a server by name, waits with progress, and prints the final image', async () => {
    const { live, asked } = script([
      createOperation({}),
      createOperation({}),
      createOperation({ status: 'success', progress: 1 }),
    ])
    expect(
      await snapshot(['prod:web'], { ...JSON_OUTPUT, ...CREATING, setDescription: 'before', setLabel: ['a=b'] }, live),
    ).toBe(0)
    expect(asked).toEqual([{ serverId: '7', kind: 'snapshot', description: 'before', labels: { a: 'b' } }])
    expect(live.messages.text()).toBe(
      'hetzner/prod:id:1 (server web): create_image running 50 %\nhetzner/prod:id:1 (server web): create_image success 100 %\n',
    )
    expect(printed(live)).toEqual([await findImage(stage().source, '1')])
  })

  it('creates images from all servers with a label', async () => {
    const { live, asked } = script([createOperation({ status: 'success', progress: 1 })])
    expect(await snapshot([], { ...JSON_OUTPUT, ...CREATING, label: ['role=web'], cloud: ['prod'] }, live)).toBe(0)
    expect(asked).toEqual([
      { serverId: '7', kind: 'snapshot' },
      { serverId: '9', kind: 'snapshot' },
    ])
    expect(printed(live)).toHaveLength(2)
  })

  it('refuses to run without servers', async () => {
    const { live } = script([])
    const error = await problem(() =>
      snapshot([], { ...TABLE, ...CREATING, label: ['role=none'], cloud: ['prod'] }, live),
    )
    expect(error.message).toBe('no server matches --label role=none')
    expect(error.exitCode).toBe(3)
  })

  it('prints the pending image without waiting', async () => {
    const { live } = script([])
    expect(await snapshot(['prod:id:7'], { ...JSON_OUTPUT, ...CREATING, wait: false }, live)).toBe(0)
    expect(printed(live)[0]).toMatchObject({ status: 'pending' })
  })

  it('reports a failure with the message of the provider', async () => {
    const { live } = script([createOperation({ status: 'error', error: 'disk is too large' })])
    expect(await snapshot(['prod:web'], { ...TABLE, ...CREATING }, live)).toBe(1)
    expect(live.messages.text()).toContain('imago: hetzner/prod: create image: server web: disk is too large')
  })

  it('names the servers that failed, and counts the created images', async () => {
    const { live } = script([
      createOperation({ status: 'error', error: 'no space' }),
      createOperation({ status: 'success' }),
    ])
    expect(await snapshot([], { ...JSON_OUTPUT, ...CREATING, label: ['role=web'] }, live)).toBe(1)
    expect(live.messages.text()).toContain('imago: hetzner/prod: create image: server web: no space')
    expect(live.messages.text()).toMatch(/imago: created images of 1 of 2 servers\n$/)
    expect(printed(live)).toHaveLength(1)
  })

  it.each([
    ['prod:none', 'server not found: prod:none'],
    ['prod:twin', '2 servers match twin: 8, 9'],
  ])('reports an unknown or ambiguous server: %s', async (word, message) => {
    const { live, asked } = script([])
    const error = await problem(() => snapshot([word], { ...TABLE, ...CREATING }, live))
    expect(error.exitCode).toBe(3)
    expect(error.message).toContain(message)
    expect(asked).toEqual([])
  })

  it('refuses an invalid time', async () => {
    expect(
      (await problem(() => snapshot(['prod:web'], { ...TABLE, ...CREATING, timeout: 'long' }, script([]).live)))
        .message,
    ).toContain('--timeout: invalid value "long"')
  })
})
