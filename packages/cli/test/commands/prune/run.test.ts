import { describe, expect, it } from '@jest/globals'
import { createErrorSite, unavailable, type Image, type ImageSource } from '@imago/core'
import { createLock, computeIdentity, printLock } from '@imago/lock'
import { schemas } from '@imago/schema-image'
import { bareImage, createMemorySource, type ImageValues } from '@imago/testkit'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { prune } from '../../../src/commands/prune/run.ts'
import type { PruneOptions } from '../../../src/commands/prune/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { Problem } from '../../../src/problem.ts'
import type { Confirm } from '../../../src/writing/confirm.ts'
import { hetznerCloud, memoryLive } from '../../live.ts'
import { temporaryFolder } from '../../temporary.ts'

const PROJECT = 'project-1'

const snapshot = (id: string, day: number, fields: ImageValues = {}): Image =>
  bareImage(id, {
    kind: 'snapshot',
    status: 'available',
    visibility: 'private',
    owner: PROJECT,
    protected: false,
    createdAt: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`,
    size: { stored: 1e9 },
    ...fields,
  })

const server = (image: string) => ({
  image,
  by: { kind: 'server' as const, id: 's1', name: 'web-1' },
  dependsOn: false,
})

interface Setup {
  readonly images: readonly Image[]
  readonly users?: readonly ReturnType<typeof server>[]
  readonly wrap?: (source: ImageSource) => ImageSource
  readonly confirm?: Confirm | null
  readonly signal?: AbortSignal
}

const run = async (
  options: Partial<PruneOptions>,
  { images, users = [], wrap = (one) => one, confirm = null, signal }: Setup,
) => {
  let source: ImageSource | null = null
  const live = memoryLive({
    clouds: [hetznerCloud('prod')],
    open: (target: ProviderCloud) =>
      (source ??= wrap(createMemorySource({ images, users, cloud: toIdentity(target) }))),
    ...(signal === undefined ? {} : { signal }),
  })
  const code = await prune(
    ['prod'],
    { output: 'table', support: 'standard', ...options } as PruneOptions,
    live,
    confirm,
  )
  const left = async (): Promise<readonly string[]> => {
    const page = await (source as unknown as ImageSource).listPage({ hidden: 'include' }, null)()
    return E.isRight(page) ? page.right.items.map(({ ref }) => ref.id) : ['unreadable']
  }
  return { code, output: live.output.text(), messages: live.messages.text(), left: await left() }
}

const folder = temporaryFolder()

/** A lock file that pins an image of the cloud. */
const lockFile = (id: string): string => {
  const identified = {
    provider: 'hetzner',
    id,
    kind: 'snapshot' as const,
    owner: PROJECT,
    os: { distro: null, version: null },
    architecture: null,
    createdAt: null,
    digest: null,
  }
  const pin = {
    ...identified,
    image: 'web',
    on: 'prod',
    want: `id:${id}`,
    where: '',
    cloud: 'prod',
    region: null,
    name: null,
    unavailableAfter: null,
    identity: computeIdentity(identified),
    pin: 'id-only' as const,
  }
  return folder.file('images.lock.json', printLock(createLock([pin])))
}

const NO_USAGE = unavailable(createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'usage'), {
  what: 'not in this test',
})

const THREE = [snapshot('1', 1), snapshot('2', 2), snapshot('3', 3)]

describe('prune', () => {
  it('prints a reason for each image and deletes nothing in a dry run', async () => {
    const { code, output, left } = await run(
      { keep: 'newest:1', dryRun: true, output: 'csv', columns: 'id,action,reasons' },
      { images: THREE, users: [server('1')] },
    )
    expect(output).toBe(
      'id,action,reasons\n1,keep,used by server web-1\n2,delete,not kept by the policy\n3,keep,among the newest\n',
    )
    expect(left).toEqual(['1', '2', '3'])
    expect(code).toBe(EXIT.done)
  })

  it.each([
    { sizes: [1e9, 2e9], text: 'would delete 2 images (2.8 GiB, 0.03 EUR a month net), keep 0' },
    { sizes: [1e9, null], text: 'would delete 2 images (at least 954 MiB, at least 0.01 EUR a month net), keep 0' },
    { sizes: [null, null], text: 'would delete 2 images, keep 0' },
  ])('shows the sum of the known sizes and costs as a lower bound: $sizes', async ({ sizes, text }) => {
    const images = sizes.map((stored, index) => snapshot(String(index), index + 1, { size: { stored } }))
    const { messages } = await run({ kind: ['snapshot'], dryRun: true }, { images })
    expect(messages).toBe(`${text}\n`)
  })

  it('deletes what the policy does not keep', async () => {
    const { code, left, messages } = await run({ keep: 'newest:1', yes: true }, { images: THREE })
    expect(left).toEqual(['3'])
    expect(messages).toContain('deleted 2 images (1.9 GiB, 0.02 EUR a month net) of 2')
    expect(code).toBe(EXIT.done)
  })

  it('keeps images pinned by a lock file', async () => {
    const { left, output } = await run(
      { keep: 'newest:1', yes: true, lockFile: lockFile('1'), output: 'csv', columns: 'id,reasons' },
      { images: THREE },
    )
    expect(left).toEqual(['1', '3'])
    expect(output).toContain('1,pinned by a lock file')
  })

  it('ends with an error if the named lock file does not exist', async () => {
    await expect(
      run({ keep: 'newest:1', yes: true, lockFile: folder.path('nowhere.json') }, { images: THREE }),
    ).rejects.toThrow('nowhere.json')
  })

  it('asks for confirmation before it deletes', async () => {
    const questions: string[] = []
    const confirm: Confirm = (question) => {
      questions.push(question)
      return Promise.resolve(false)
    }
    const { code, left } = await run({ keep: 'newest:1' }, { images: THREE, confirm })
    expect(questions).toEqual(['Delete 2 images (1.9 GiB, 0.02 EUR a month net)?'])
    expect(left).toEqual(['1', '2', '3'])
    expect(code).toBe(EXIT.error)
  })

  it('prints how many images it kept if there is nothing to delete', async () => {
    const { code, left, messages } = await run({ keep: 'newest:3', yes: true }, { images: THREE })
    expect(messages).toBe('nothing to delete; kept 3 images\n')
    expect(left).toEqual(['1', '2', '3'])
    expect(code).toBe(EXIT.done)
  })

  it('refuses to delete without a terminal and without --yes', async () => {
    await expect(run({ keep: 'newest:1' }, { images: THREE })).rejects.toThrow(
      new Problem('confirmation needs a terminal. To delete, add --yes; to preview, add --dry-run', EXIT.usage),
    )
  })

  it('refuses options without a policy or a selection', async () => {
    await expect(run({ yes: true }, { images: THREE })).rejects.toThrow(
      'prune needs --keep, or options that select images, such as --older-than 1y',
    )
  })

  it('deletes nothing if more images than --max would be deleted', async () => {
    const { code, left, messages } = await run({ keep: 'newest:1', yes: true, max: '1' }, { images: THREE })
    expect(left).toEqual(['1', '2', '3'])
    expect(messages).toContain('2 images would be deleted, more than --max 1: nothing was deleted')
    expect(code).toBe(EXIT.refused)
  })

  it('keeps an image that a server started to use after the table was printed', async () => {
    // The second reading of usage happens after the question.
    let readings = 0
    const wrap = (source: ImageSource): ImageSource => ({
      ...source,
      usage: (options) => {
        readings++
        const used = createMemorySource({ images: THREE, users: [server('1')], cloud: source.cloud })
        return (readings === 1 ? source : used).usage?.(options) ?? (() => Promise.reject(new Error('no usage')))
      },
    })
    const { left, messages } = await run({ keep: 'newest:1', yes: true }, { images: THREE, wrap })
    expect(left).toEqual(['1', '3'])
    expect(messages).toContain('hetzner/prod:id:1')
    expect(messages).toContain('now used')
  })

  it('keeps an image that was protected after the table was printed', async () => {
    let listings = 0
    const wrap = (source: ImageSource): ImageSource => ({
      ...source,
      listPage: (query, cursor, options) => async () => {
        listings++
        if (listings === 2) await source.protect?.('1', true)()
        return source.listPage(query, cursor, options)()
      },
    })
    const { left, messages } = await run({ keep: 'newest:1', yes: true }, { images: THREE, wrap })
    expect(left).toEqual(['1', '3'])
    expect(messages).toContain('now protected')
  })

  it('prints the deleted images when interrupted', async () => {
    const controller = new AbortController()
    const wrap = (source: ImageSource): ImageSource => ({
      ...source,
      delete: (id, options) => async () => {
        const deleted = await (source.delete?.(id, options) ?? (() => Promise.reject(new Error('no delete'))))()
        controller.abort()
        return deleted
      },
    })
    const { code, messages } = await run(
      { keep: 'newest:1', yes: true },
      { images: THREE, wrap, signal: controller.signal },
    )
    expect(messages).toContain('deleted 1 image (954 MiB, 0.01 EUR a month net) of 2; 1 not tried')
    expect(code).toBe(EXIT.interrupted)
  })

  it.each([
    {
      part: 'usage',
      wrapped: (source: ImageSource): Partial<ImageSource> => ({
        usage: () => TE.left(unavailable(createErrorSite(source.cloud, 'usage'), { what: 'no answer' })),
      }),
    },
    {
      part: 'images',
      wrapped: (source: ImageSource): Partial<ImageSource> => ({
        listPage: () => TE.left(unavailable(createErrorSite(source.cloud, 'listPage'), { what: 'no answer' })),
      }),
    },
  ])('keeps all images and ends with an error if $part cannot be read again', async ({ wrapped }) => {
    // Nothing fails before the user has answered.
    let isAnswered = false
    const wrap = (source: ImageSource): ImageSource => {
      const broken = { ...source, ...wrapped(source) }
      return {
        ...source,
        usage: (options) => (isAnswered ? broken : source).usage?.(options) ?? TE.left(NO_USAGE),
        listPage: (...call) => (isAnswered ? broken : source).listPage(...call),
        delete: () => TE.left(NO_USAGE),
      }
    }
    const confirm: Confirm = () => {
      isAnswered = true
      return Promise.resolve(true)
    }
    const { code, messages } = await run({ keep: 'newest:1' }, { images: THREE, wrap, confirm })
    expect(code).toBe(EXIT.error)
    expect(messages).toMatch(
      /hetzner\/prod: the remaining images were kept, because images and usage cannot be read again before deletion: .*no answer/,
    )
    expect(messages).toContain('deleted 0 images of 2; 2 not tried')
  })

  it('prints only the IDs of deleted images with -q', async () => {
    const { output, messages } = await run({ keep: 'newest:1', yes: true, quiet: true }, { images: THREE })
    expect(output).toBe('1\n2\n')
    expect(messages).toContain('deleted 2 images')
  })

  it('prints only the IDs of images that it would delete with -q and --dry-run', async () => {
    const { output, messages } = await run({ keep: 'newest:1', dryRun: true, quiet: true }, { images: THREE })
    expect(output).toBe('1\n2\n')
    expect(messages).toContain('would delete 2 images')
  })

  it('prints no ID with -q if more images than --max would be deleted', async () => {
    const { output, code } = await run({ keep: 'newest:1', yes: true, quiet: true, max: '1' }, { images: THREE })
    expect(output).toBe('')
    expect(code).toBe(EXIT.refused)
  })

  it('deletes exactly as many images as --max', async () => {
    const { left, code } = await run({ keep: 'newest:1', yes: true, max: '2' }, { images: THREE })
    expect(left).toEqual(['3'])
    expect(code).toBe(EXIT.done)
  })

  it('lists the images before it asks, if the output has no table', async () => {
    const confirm: Confirm = () => Promise.resolve(false)
    const { output, messages } = await run({ keep: 'newest:1', quiet: true }, { images: THREE, confirm })
    expect(messages).toBe('  hetzner/prod:id:1\n  hetzner/prod:id:2\nimago: nothing was deleted\n')
    expect(output).toBe('')
  })

  it('prints documents of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    const { output } = await run(
      { keep: 'newest:1', yes: true, output: 'json' },
      { images: THREE, users: [server('1')] },
    )
    const document: unknown = JSON.parse(output)
    ajv.validate('urn:imago:schema:prune:1', document)
    expect(ajv.errors ?? []).toEqual([])
    expect(document).toMatchObject({
      images: [
        { action: 'keep', reasons: ['used'], result: 'kept' },
        { action: 'delete', reasons: ['not-kept'], result: 'deleted' },
        { action: 'keep', reasons: ['newest'], result: 'kept' },
      ],
    })
  })
})
