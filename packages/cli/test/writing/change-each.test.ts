import { describe, expect, it } from '@jest/globals'
import { forbidden, createErrorSite, type ImageSource } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { flip } from '../../src/commands/switch/run.ts'
import { CLOUD, stage, findImage, JSON_OUTPUT, TABLE, printed, problem } from './stage.ts'

describe('changes of several images', () => {
  it('are changed only if all are found', async () => {
    const { live, source } = stage()
    const error = await problem(() => flip('protect', ['prod:1', 'prod:nothing'], TABLE, live))
    expect(error.exitCode).toBe(3)
    expect(error.message).toContain('image not found: prod:nothing')
    expect(await findImage(source, '1')).toMatchObject({ protected: null })
  })

  it('are changed once if named twice', async () => {
    const { live } = stage()
    expect(await flip('protect', ['prod:1', 'hetzner/prod:id:1', 'prod:name-1'], JSON_OUTPUT, live)).toBe(0)
    expect(printed(live).map(({ ref }) => ref.id)).toEqual(['1'])
  })

  it('are changed even if one fails', async () => {
    const base = stage()
    const refused = forbidden(createErrorSite(CLOUD, 'protect'), {
      what: 'image 1 may not be protected',
      reason: 'policy',
    })
    const { live } = stage(
      {},
      {
        protect: (id, on, options) =>
          id === '1' ? TE.left(refused) : (base.source.protect as NonNullable<ImageSource['protect']>)(id, on, options),
      },
    )
    expect(await flip('protect', ['prod:1', 'prod:2'], JSON_OUTPUT, live)).toBe(1)
    expect(printed(live).map(({ ref }) => ref.id)).toEqual(['2'])
    expect(live.messages.text()).toBe(
      'imago: hetzner/prod: protect: image 1 may not be protected. Use credentials with the required permission\n',
    )
  })
})
