import { describe, expect, it } from '@jest/globals'
import { forbidden, unavailable, createErrorSite, type ImageSource } from '@imago/core'
import { createMemorySource, type MemorySourceOptions } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { remove } from '../../src/commands/delete/run.ts'
import { set } from '../../src/commands/set/run.ts'
import { CLOUD, image, stage, findImage, TABLE } from './stage.ts'

describe('a selection by usage', () => {
  const USERS: Partial<MemorySourceOptions> = {
    images: [image('1', { visibility: 'private' }), image('2', { visibility: 'private' })],
    users: [{ image: '1', by: { kind: 'server', id: 's', name: 'web' }, dependsOn: false }],
  }

  it('changes only the selected images', async () => {
    const { live, source } = stage(USERS)
    expect(await remove([], { ...TABLE, unused: true, yes: true }, live, null)).toBe(0)
    expect((await findImage(source, '1'))?.ref.id).toBe('1')
    expect(await findImage(source, '2')).toBeNull()
  })

  describe('that changes after the confirmation', () => {
    const FREE: Partial<MemorySourceOptions> = { ...USERS, users: [] }

    /** Confirms, and from then on `later` replaces methods of the source. */
    const change = (later: (source: ImageSource) => Partial<ImageSource>) => {
      let isAnswered = false
      const free = createMemorySource({ cloud: CLOUD, ...FREE })
      const { live } = stage(
        {},
        {
          ...free,
          usage: (options) => (isAnswered ? { ...free, ...later(free) } : free).usage?.(options) ?? TE.left(NO_USAGE),
          listPage: (...call) => (isAnswered ? { ...free, ...later(free) } : free).listPage(...call),
        },
      )
      const confirm = () => {
        isAnswered = true
        return Promise.resolve(true)
      }
      return { live, source: free, confirm }
    }
    const NO_USAGE = unavailable(createErrorSite(CLOUD, 'usage'), { what: 'no answer' })
    const used = createMemorySource({ cloud: CLOUD, ...USERS })
    const withUsers = (): Partial<ImageSource> => ({
      usage: (options) => used.usage?.(options) ?? TE.left(NO_USAGE),
    })

    it('keeps an image that is used by then, and deletes the others', async () => {
      const { live, source, confirm } = change(withUsers)
      expect(await remove([], { ...TABLE, unused: true }, live, confirm)).toBe(0)
      expect(live.messages.text()).toContain('kept hetzner/prod:id:1 (name-1): now used by server web\n')
      expect(live.output.text()).toBe('hetzner/prod:id:2 (name-2) deleted\n')
      expect(await findImage(source, '1')).not.toBeNull()
    })

    it('keeps an image that is protected by then', async () => {
      const { live, source, confirm } = change((free) => ({
        listPage:
          (...call) =>
          async () => {
            await free.protect?.('1', true)()
            return free.listPage(...call)()
          },
      }))
      expect(await remove([], { ...TABLE, unused: true }, live, confirm)).toBe(0)
      expect(live.messages.text()).toContain('kept hetzner/prod:id:1 (name-1): now protected\n')
      expect(await findImage(source, '1')).not.toBeNull()
      expect(await findImage(source, '2')).toBeNull()
    })

    it('reports an image that another program has deleted', async () => {
      const { live, confirm } = change((free) => ({
        listPage:
          (...call) =>
          async () => {
            await free.delete?.('1')()
            return free.listPage(...call)()
          },
      }))
      expect(await remove([], { ...TABLE, unused: true }, live, confirm)).toBe(0)
      expect(live.messages.text()).toContain('skipped hetzner/prod:id:1 (name-1): it no longer exists\n')
      expect(live.output.text()).toBe('hetzner/prod:id:2 (name-2) deleted\n')
    })

    it('deletes nothing and ends with an error if usage cannot be read again', async () => {
      const { live, source, confirm } = change(() => ({ usage: () => TE.left(NO_USAGE) }))
      expect(await remove([], { ...TABLE, unused: true }, live, confirm)).toBe(1)
      expect(live.messages.text()).toContain(
        `hetzner/prod: the remaining images are kept, because images and usage cannot be read again: ${NO_USAGE.what}. `,
      )
      expect(await findImage(source, '1')).not.toBeNull()
      expect(await findImage(source, '2')).not.toBeNull()
    })

    it('leaves an image unchanged that another change of the command made used', async () => {
      let readings = 0
      const { live, source } = stage(FREE)
      const changing: ImageSource = {
        ...source,
        usage: (options) => (++readings === 1 ? source : used).usage?.(options) ?? TE.left(NO_USAGE),
      }
      const context = { ...live, open: () => Promise.resolve(E.right(changing)) }
      expect(await set([], { ...TABLE, unused: true, setDescription: 'spare' }, context)).toBe(0)
      expect(live.messages.text()).toContain('unchanged hetzner/prod:id:1 (name-1): now used by server web\n')
      expect((await findImage(source, '1'))?.description).not.toBe('spare')
      expect((await findImage(source, '2'))?.description).toBe('spare')
    })
  })

  it('ends the command before any change if usage cannot be read', async () => {
    const { live, source } = stage(USERS, {
      usage: () =>
        TE.left(
          forbidden(createErrorSite(CLOUD, 'usage'), {
            what: 'may not list servers',
            reason: 'role',
          }),
        ),
    })
    await expect(remove([], { ...TABLE, unused: true, yes: true }, live, null)).rejects.toThrow(
      'cannot select by usage: hetzner/prod: may not list servers. ',
    )
    expect((await findImage(source, '2'))?.ref.id).toBe('2')
  })
})
