import { describe, expect, it } from '@jest/globals'
import { type ImageSource } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { share } from '../../../src/commands/share/run.ts'
import { image, stage, JSON_OUTPUT, TABLE, readDocument, problem } from '../../writing/stage.ts'

describe('share', () => {
  const shares = [{ project: 'p1', status: 'pending' }] as const
  const asked: unknown[] = []
  const methods: Partial<ImageSource> = {
    shares: () => TE.right(shares),
    share: (id, request) => {
      asked.push([id, request])
      return TE.right(shares)
    },
  }

  it('reports that an image is not shared', async () => {
    const { live } = stage({}, { ...methods, shares: () => TE.right([]) })
    expect(await share('share', 'prod:1', TABLE, live)).toBe(0)
    expect(live.output.text()).toBe('')
    expect(live.messages.lines()).toEqual(['imago: hetzner/prod:id:1 (name-1) is not shared'])
  })

  it.each([
    [
      'share',
      ['p1', 'p2'],
      [
        ['1', { action: 'invite', project: 'p1' }],
        ['1', { action: 'invite', project: 'p2' }],
      ],
    ],
    ['share', [], []],
    ['unshare', ['p1'], [['1', { action: 'withdraw', project: 'p1' }]]],
    ['accept', undefined, [['1', { action: 'accept' }]]],
    ['reject', undefined, [['1', { action: 'decline' }]]],
  ] as const)('%s %j', async (command, projects, requests) => {
    asked.length = 0
    const { live } = stage({}, methods)
    expect(
      await share(command, 'prod:1', { ...JSON_OUTPUT, ...(projects === undefined ? {} : { with: projects }) }, live),
    ).toBe(0)
    expect(asked).toEqual(requests)
    expect(readDocument(live, 'shares')).toEqual({
      $schema: 'urn:imago:schema:shares:1',
      image: 'hetzner/prod:id:1',
      shares,
    })
  })

  it.each(['accept', 'reject'] as const)(
    '%s finds an image by name that is not in the default list',
    async (command) => {
      const offered = image('1', { visibility: 'shared' })
      const listPage: ImageSource['listPage'] = ({ visibility }) =>
        TE.right({ items: visibility === 'shared' ? [offered] : [], rejected: [], drift: [], next: null })
      expect(
        await share(command, 'prod:name-1', TABLE, stage({ images: [offered] }, { ...methods, listPage }).live),
      ).toBe(0)
    },
  )

  it('unshare requires a project', async () => {
    expect((await problem(() => share('unshare', 'prod:1', TABLE, stage({}, methods).live))).exitCode).toBe(2)
  })
})
