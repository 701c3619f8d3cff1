import { describe, expect, it } from '@jest/globals'
import { forbidden, createErrorSite } from '@imago/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { remove } from '../../../src/commands/delete/run.ts'
import { CLOUD, stage, findImage, TABLE, printed, problem } from '../../writing/stage.ts'

describe('delete', () => {
  const yes = () => Promise.resolve(true)
  const no = () => Promise.resolve(false)

  it('shows the exact addresses, asks, and deletes', async () => {
    const { live, source } = stage()
    const asked: string[] = []
    const confirm = (question: string) => {
      asked.push(question)
      return Promise.resolve(true)
    }
    expect(await remove(['prod:1', 'prod:2'], TABLE, live, confirm)).toBe(0)
    expect(asked).toEqual(['Delete these 2 images?'])
    expect(live.messages.text()).toBe('  hetzner/prod:id:1 (name-1)\n  hetzner/prod:id:2 (name-2)\n')
    expect(live.output.text()).toBe('hetzner/prod:id:1 (name-1) deleted\nhetzner/prod:id:2 (name-2) deleted\n')
    expect(await findImage(source, '1')).toBeNull()
    expect(await findImage(source, '2')).toBeNull()
  })

  it('deletes nothing if the user declines', async () => {
    const { live, source } = stage()
    expect(await remove(['prod:1'], TABLE, live, no)).toBe(1)
    expect(await findImage(source, '1')).not.toBeNull()
  })

  it('requires --yes without a terminal', async () => {
    const { live, source } = stage()
    const error = await problem(() => remove(['prod:1'], TABLE, live, null))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain('--yes')
    expect(await findImage(source, '1')).not.toBeNull()
    expect(await remove(['prod:1'], { ...TABLE, yes: true }, live, null)).toBe(0)
    expect(await findImage(source, '1')).toBeNull()
  })

  it('prints the deleted images for programs', async () => {
    const { live } = stage()
    expect(await remove(['prod:1', 'prod:2'], { output: 'json', yes: true }, live, null)).toBe(0)
    expect(printed(live).map(({ ref }) => ref.id)).toEqual(['1', '2'])
  })

  it('ends with the same exit code for several protected images as for one', async () => {
    const { live } = stage(
      {},
      {
        delete: () =>
          TE.left(forbidden(createErrorSite(CLOUD, 'delete'), { what: 'it is protected', reason: 'protected' })),
      },
    )
    expect(await remove(['prod:1', 'prod:2'], { ...TABLE, yes: true }, live, yes)).toBe(6)
  })

  it('refuses a protected image with a hint, and deletes no other image', async () => {
    const { live, source } = stage()
    const error = await problem(() => remove(['prod:1', 'prod:3'], { ...TABLE, yes: true }, live, yes))
    expect(error.exitCode).toBe(6)
    expect(error.message).toBe(
      'hetzner/prod: delete: hetzner/prod:id:3 is protected; nothing was deleted. To delete it, remove its protection: imago unprotect hetzner/prod:id:3',
    )
    expect(await findImage(source, '1')).not.toBeNull()
  })

  it('refuses an image whose protection only the provider reports', async () => {
    const { live } = stage(
      {},
      {
        delete: () =>
          TE.left(forbidden(createErrorSite(CLOUD, 'delete'), { what: 'image 1 is protected', reason: 'protected' })),
      },
    )
    expect(await remove(['prod:1'], { ...TABLE, yes: true }, live, yes)).toBe(6)
    const other = stage(
      {},
      {
        delete: () =>
          TE.left(
            forbidden(createErrorSite(CLOUD, 'delete'), { what: 'image 1 is the provider’s', reason: 'forbidden' }),
          ),
      },
    )
    expect(await remove(['prod:1'], { ...TABLE, yes: true }, other.live, yes)).toBe(1)
  })
})
