import { describe, expect, it } from '@jest/globals'
import {
  forbidden,
  unavailable,
  rejected,
  createErrorSite,
  type Image,
  type ImageSource,
  type Operation,
} from '@imago/core'
import { bareImage, createMemorySource, type MemorySourceOptions } from '@imago/testkit'
import { schemas, type SchemaName } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CreateOptions } from '../../src/commands/create/options.ts'
import { create } from '../../src/commands/create/run.ts'
import { remove } from '../../src/commands/delete/run.ts'
import { operations } from '../../src/commands/operations/run.ts'
import { set } from '../../src/commands/set/run.ts'
import { share } from '../../src/commands/share/run.ts'
import { snapshot } from '../../src/commands/snapshot/run.ts'
import { flip } from '../../src/commands/switch/run.ts'
import { wait } from '../../src/commands/wait/run.ts'
import { Problem } from '../../src/problem.ts'
import type { WriteContext } from '../../src/writing/write-context.ts'
import { hetznerCloud, memoryLive, type MemoryLive } from '../live.ts'

const CLOUD = { provider: 'hetzner', cloud: 'prod', region: null }
const image = (id: string, fields: Partial<Image> = {}): Image =>
  bareImage(id, { name: `name-${id}`, ...fields }, CLOUD)

interface Stage {
  readonly live: MemoryLive & WriteContext
  readonly source: ImageSource
}

const stage = (options: MemorySourceOptions = {}, methods: Partial<ImageSource> = {}): Stage => {
  const source: ImageSource = {
    ...createMemorySource({
      cloud: CLOUD,
      images: [image('1'), image('2'), image('3', { protected: true })],
      ...options,
    }),
    ...methods,
  }
  return { live: { ...memoryLive({ clouds: [hetznerCloud('prod')], open: () => source }), takeHeld: null }, source }
}

const findImage = async (source: ImageSource, id: string): Promise<Image | null> => {
  const answer = await source.get(id)()
  return E.isRight(answer) ? answer.right : null
}

const JSON_OUTPUT = { output: 'json' } as const
const TABLE = { output: 'table' } as const

const printed = (live: MemoryLive): readonly Image[] =>
  (JSON.parse(live.output.text()) as { readonly images: readonly Image[] }).images

/** Parses a printed document, and validates it against its schema. */
const readDocument = (live: MemoryLive, name: SchemaName): unknown => {
  const document: unknown = JSON.parse(live.output.text())
  const validate = new Ajv2020({ strict: true }).compile(schemas[name])
  validate(document)
  expect(validate.errors).toBeNull()
  return document
}

const problem = async (work: () => Promise<unknown>): Promise<Problem> => {
  const thrown = await work().then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Problem)
  return thrown as Problem
}

describe('set', () => {
  it('changes the given fields, keeps the rest, and prints the changed images', async () => {
    const { live, source } = stage({
      images: [image('1', { labels: { a: '1', b: '2' }, tags: ['old', 'older'] }), image('2')],
    })
    const code = await set(
      ['prod:1', 'prod:name-2'],
      {
        ...JSON_OUTPUT,
        setDescription: 'new',
        setLabel: ['c=3=4', 'd='],
        removeLabel: ['a'],
        setTag: ['fresh'],
        removeTag: ['old'],
        minDisk: '10GiB',
      },
      live,
    )
    expect(code).toBe(0)
    const [first, second] = printed(live)
    expect(first).toMatchObject({
      name: 'name-1',
      description: 'new',
      labels: { b: '2', c: '3=4', d: '' },
      tags: ['fresh', 'older'],
      size: { minDisk: 10 * 2 ** 30 },
    })
    expect(first?.labels).not.toHaveProperty('a')
    expect(second).toMatchObject({ description: 'new', tags: ['fresh'] })
    expect(await findImage(source, '1')).toMatchObject({ description: 'new' })
  })

  it('changes the visibility alone, and with other fields', async () => {
    const { live, source } = stage()
    expect(await set(['prod:1'], { ...TABLE, setName: 'other', setVisibility: 'private' }, live)).toBe(0)
    expect(live.output.text()).toBe('hetzner/prod:id:1 (other): name, visibility set\n')
    expect(await findImage(source, '1')).toMatchObject({ name: 'other', visibility: 'private' })
    expect(await set(['prod:1'], { ...TABLE, setVisibility: 'public' }, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ name: 'other', visibility: 'public' })
  })

  it('keeps tags that were added between the lookup and the change', async () => {
    const base = createMemorySource({ cloud: CLOUD, images: [image('1', { tags: ['old', 'older'] })] })
    const update = base.update as NonNullable<ImageSource['update']>
    const { live, source } = stage(
      {},
      {
        ...base,
        update: (id, changes, options) => async () => {
          await update(id, { tags: { add: ['theirs'] } })()
          return update(id, changes, options)()
        },
      },
    )
    expect(await set(['prod:1'], { ...TABLE, setTag: ['ours'], removeTag: ['old'] }, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ tags: ['older', 'ours', 'theirs'] })
  })

  it('prints the changed fields, or that nothing changed', async () => {
    const { live } = stage({ images: [image('1', { description: 'd', tags: ['a'], labels: { x: '1' } })] })
    expect(await set(['prod:1'], { ...TABLE, setDescription: 'd', setTag: ['a', 'b'], setLabel: ['x=1'] }, live)).toBe(
      0,
    )
    expect(
      await set(['prod:1'], { ...TABLE, setDescription: 'd', setTag: ['a', 'b'], removeLabel: ['none'] }, live),
    ).toBe(0)
    expect(live.output.lines()).toEqual([
      'hetzner/prod:id:1 (name-1): tags set',
      'hetzner/prod:id:1 (name-1): unchanged',
    ])
  })

  it.each([
    [{}, /nothing to set. Add --set-name/],
    [{ setLabel: ['nokey'] }, /--set-label: invalid value "nokey". Use key=value/],
    [{ setProperty: ['=x'] }, /--set-property: invalid value "=x"/],
    [{ minDisk: '10 bananas' }, /--min-disk: invalid value "10 bananas"\. Use a size such as 10GB, 10GiB/],
    [{ minDisk: '10' }, /--min-disk: invalid value "10": no unit\. Use 10GB or 10GiB/],
    [{ minRam: '9999999999TiB' }, /--min-ram/],
  ])('refuses %j as a usage error', async (options, message) => {
    const { live } = stage()
    const error = await problem(() => set(['prod:1'], { ...TABLE, ...options }, live))
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(message)
  })

  it('reports fields that the provider cannot change, and changes nothing', async () => {
    const { live, source } = stage({ changes: ['description'] })
    expect(await set(['prod:1'], { ...JSON_OUTPUT, setName: 'x', setDescription: 'y' }, live)).toBe(1)
    expect(printed(live)).toEqual([])
    expect(live.messages.text()).toMatch(/^imago: hetzner\/prod: update: name cannot be changed/)
    expect(await findImage(source, '1')).toMatchObject({ description: null })
  })
})

describe('several images', () => {
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

describe('commands that write', () => {
  it.each([
    ['protect', 'protected', true],
    ['unprotect', 'protected', false],
    ['hide', 'hidden', true],
    ['unhide', 'hidden', false],
  ] as const)('%s changes the field', async (command, field, value) => {
    const { live, source } = stage({ images: [image('1', { [field]: !value })] })
    expect(await flip(command, ['prod:id:1'], TABLE, live)).toBe(0)
    expect(live.output.text()).toMatch(/^hetzner\/prod:id:1 \(name-1\) is (no longer )?(protected|hidden)\n$/)
    expect(await findImage(source, '1')).toMatchObject({ [field]: value })
  })

  it('unhide finds the hidden image by name if another image has the same name', async () => {
    const { live, source } = stage({
      images: [image('1', { name: 'debian', hidden: true }), image('2', { name: 'debian', hidden: false })],
    })
    expect(await flip('unhide', ['prod:debian'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ hidden: false })
    expect(live.output.text()).toBe('hetzner/prod:id:1 (debian) is no longer hidden\n')
  })

  it('unhide accepts an image that is not hidden', async () => {
    expect(await flip('unhide', ['prod:name-1'], TABLE, stage({ images: [image('1', { hidden: false })] }).live)).toBe(
      0,
    )
  })

  it('deactivate and reactivate change the status', async () => {
    const { live, source } = stage({ images: [image('1', { status: 'available' })], bytes: { 1: new Uint8Array(3) } })
    expect(await flip('deactivate', ['prod:1'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ status: 'unavailable' })
    expect(await flip('reactivate', ['prod:1'], TABLE, live)).toBe(0)
    expect(await findImage(source, '1')).toMatchObject({ status: 'available' })
  })

  it('commands report that a cloud does not support an operation', async () => {
    const { live } = stage({ without: ['hide'] })
    expect(await flip('hide', ['prod:1'], TABLE, live)).toBe(1)
    expect(live.messages.text()).toBe(
      'imago: hetzner/prod: hide: the provider does not support this operation. To list what the cloud supports: imago capabilities hetzner/prod\n',
    )
  })

  describe('create', () => {
    it('creates the record', async () => {
      const { live, source } = stage({ images: [] })
      expect(
        await create(
          'prod:my image',
          {
            ...JSON_OUTPUT,
            diskFormat: 'qcow2',
            setArch: 'aarch64',
            setTag: ['a'],
            setProperty: ['k=v'],
            minRam: '512MiB',
            setVisibility: 'private',
          },
          live,
        ),
      ).toBe(0)
      const [made] = printed(live)
      expect(made).toMatchObject({
        name: 'my image',
        format: { disk: 'qcow2' },
        architecture: 'aarch64',
        tags: ['a'],
        properties: { k: 'v' },
        size: { minRam: 2 ** 29 },
        status: 'pending',
      })
      expect(await findImage(source, made?.ref.id ?? '')).not.toBeNull()
    })

    it.each<[Partial<CreateOptions>, string]>([
      [{ setArch: 'x86-46' }, '--set-arch: unknown value "x86-46"'],
      [{ setArch: 'vax' }, 'To list the architectures: imago schema crosswalk'],
      [{ minDisk: '10' }, '--min-disk: invalid value "10": no unit. Use 10GB or 10GiB'],
      [{ setLabel: ['a'] }, '--set-label: invalid value "a". Use key=value'],
      [{ setProperty: [' =a'] }, '--set-property: invalid value " =a". Use key=value'],
    ])('refuses %j as a usage error', async (options, message) => {
      const error = await problem(() => create('prod:x', { ...TABLE, diskFormat: 'raw', ...options }, stage().live))
      expect(error.exitCode).toBe(2)
      expect(error.message).toContain(message)
    })

    it('refuses invalid values before an unknown cloud', async () => {
      const error = await problem(() => create('none:x', { ...TABLE, diskFormat: 'raw', minRam: 'x' }, stage().live))
      expect(error.message).toContain('--min-ram: invalid value "x"')
    })

    it.each(['prod', 'prod:', ':name'])('refuses %s as a usage error', async (word) => {
      const error = await problem(() => create(word, { ...TABLE, diskFormat: 'raw' }, stage().live))
      expect(error.exitCode).toBe(2)
      expect(error.message).toContain('cloud:name')
    })
  })

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

  const operation = (fields: Partial<Operation>): Operation => ({
    id: 'op',
    kind: 'create_image',
    status: 'running',
    progress: 0.5,
    error: null,
    startedAt: null,
    finishedAt: null,
    ...fields,
  })

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
          return TE.right({ image: began, operation: operation({ progress: 0 }) })
        },
        operation: () => async () => E.right((left.length > 1 ? left.shift() : left[0]) as Operation),
      }
      return { ...stage({}, methods), asked }
    }

    it('finds a server by name, waits with progress, and prints the final image', async () => {
      const { live, asked } = script([operation({}), operation({}), operation({ status: 'success', progress: 1 })])
      expect(
        await snapshot(
          ['prod:web'],
          { ...JSON_OUTPUT, ...CREATING, setDescription: 'before', setLabel: ['a=b'] },
          live,
        ),
      ).toBe(0)
      expect(asked).toEqual([{ serverId: '7', kind: 'snapshot', description: 'before', labels: { a: 'b' } }])
      expect(live.messages.text()).toBe(
        'hetzner/prod:id:1 (server web): create_image running 50 %\nhetzner/prod:id:1 (server web): create_image success 100 %\n',
      )
      expect(printed(live)).toEqual([await findImage(stage().source, '1')])
    })

    it('creates images from all servers with a label', async () => {
      const { live, asked } = script([operation({ status: 'success', progress: 1 })])
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
      const { live } = script([operation({ status: 'error', error: 'disk is too large' })])
      expect(await snapshot(['prod:web'], { ...TABLE, ...CREATING }, live)).toBe(1)
      expect(live.messages.text()).toContain('imago: hetzner/prod: create image: server web: disk is too large')
    })

    it('names the servers that failed, and counts the created images', async () => {
      const { live } = script([operation({ status: 'error', error: 'no space' }), operation({ status: 'success' })])
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

  describe('operations', () => {
    it('prints a table and JSON', async () => {
      const list = [
        operation({ id: 'b', startedAt: '2026-01-01T00:00:00Z' }),
        operation({ id: 'a', status: 'error', error: 'no' }),
      ]
      const { live } = stage({}, { operations: () => TE.right(list) })
      expect(await operations('prod:1', TABLE, live)).toBe(0)
      expect(live.output.lines().map((line) => line.split(/ {2,}/))).toEqual([
        ['ID', 'KIND', 'STATUS', 'PROGRESS', 'STARTED', 'FINISHED', 'ERROR'],
        ['b', 'create_image', 'running', '50 %', '2026-01-01T00:00:00Z', '-', '-'],
        ['a', 'create_image', 'error', '50 %', '-', '-', 'no'],
      ])
      const again = stage({}, { operations: () => TE.right(list) })
      await operations('prod:1', JSON_OUTPUT, again.live)
      expect(readDocument(again.live, 'operations')).toEqual({
        $schema: 'urn:imago:schema:operations:1',
        image: 'hetzner/prod:id:1',
        operations: list,
      })
    })

    it('reports that there are none, and fails if the cloud does not support them', async () => {
      const { live } = stage({}, { operations: () => TE.right([]) })
      expect(await operations('prod:1', TABLE, live)).toBe(0)
      expect(live.output.text()).toBe('')
      expect(live.messages.text()).toBe('imago: no operations on hetzner/prod:id:1\n')
      expect(
        (await problem(() => operations('prod:1', TABLE, stage({ without: ['operations'] }).live))).message,
      ).toContain('operations: the provider does not support this operation')
    })
  })

  describe('wait', () => {
    const TIMES = { timeout: '4s', interval: '1s' }

    /** A source whose image changes by a script. Time passes only by sleeping. */
    const scripted = (statuses: readonly Image['status'][], work: Operation | null = null): Stage => {
      const left = [...statuses]
      let now = 0
      const made = stage(
        {},
        {
          get: (id) => async () =>
            E.right(image(id, { status: (left.length > 1 ? left.shift() : left[0]) as Image['status'] })),
          operations: () => TE.right(work === null ? [] : [work]),
        },
      )
      return {
        ...made,
        live: {
          ...made.live,
          timing: { clock: () => now, sleep: (ms) => Promise.resolve(void (now += ms)), random: () => 0 },
        },
      }
    }

    it('ends when the image is no longer pending', async () => {
      const { live } = scripted(['pending', 'pending', 'pending', 'available'], operation({}))
      expect(await wait(['prod:id:1'], { ...JSON_OUTPUT, ...TIMES }, live)).toBe(0)
      expect(printed(live)[0]).toMatchObject({ status: 'available' })
      expect(live.messages.text()).toBe('hetzner/prod:id:1: create_image running 50 %\n')
    })

    it('waits for the copy of an available image to another store, and reports why it failed', async () => {
      const works = [
        operation({ id: 'c', kind: 'copy' }),
        operation({
          id: 'c',
          kind: 'copy',
          status: 'error',
          error: 'store slow got no data',
          hint: 'Look into the log',
        }),
      ]
      const made = stage(
        {},
        {
          get: (id) => TE.right(image(id, { status: 'available' })),
          operations: () => async () => E.right([(works.length > 1 ? works.shift() : works[0]) as Operation]),
        },
      )
      const live = { ...made.live, timing: { clock: () => 0, sleep: () => Promise.resolve(), random: () => 0 } }
      expect(await wait(['prod:id:1'], { ...JSON_OUTPUT, ...TIMES }, live)).toBe(1)
      expect(live.messages.text()).toContain('store slow got no data. Look into the log')
      expect(works).toHaveLength(1)
    })

    it('ends when the operation fails, even if the image remains pending', async () => {
      const { live } = scripted(['pending'], operation({ status: 'error', error: 'the URL answered 404' }))
      expect(await wait(['prod:id:1'], { ...TABLE, ...TIMES }, live)).toBe(1)
      expect(live.messages.text()).toContain('wait: the URL answered 404')
    })

    it('ends with a temporary error at the deadline', async () => {
      const { live } = scripted(['pending'])
      expect(await wait(['prod:id:1'], { ...TABLE, ...TIMES }, live)).toBe(5)
      expect(live.messages.text()).toContain('still pending after 4 s')
    })
  })

  describe('a dry run', () => {
    const requests = [
      {
        method: 'PUT',
        url: 'https://api.example/v1/images/1?sig=hunter2',
        headers: {},
        body: { json: { description: 'new' } },
      },
      { method: 'DELETE', url: 'https://api.example/v1/images/1', headers: {}, body: null },
    ] as const
    const dry = (held: (typeof requests)[number][]): Stage => {
      const refusing = () => TE.left(rejected(createErrorSite(CLOUD, 'update'), { what: 'not sent' }))
      const made = stage({}, { update: refusing, delete: refusing })
      return { ...made, live: { ...made.live, takeHeld: () => held.splice(0) } }
    }

    it('prints the requests without secrets', async () => {
      const { live } = dry([requests[0]])
      expect(await set(['prod:1'], { ...TABLE, setDescription: 'new' }, live)).toBe(0)
      expect(live.output.text()).toBe(
        'hetzner/prod: would send\n  PUT https://api.example/v1/images/1?sig=***\n  {\n    "description": "new"\n  }\n',
      )
    })

    it('prints JSON, and delete does not ask', async () => {
      const { live } = dry([requests[1]])
      expect(await remove(['prod:1'], { ...JSON_OUTPUT, dryRun: true }, live, null)).toBe(0)
      expect(readDocument(live, 'requests')).toEqual({
        $schema: 'urn:imago:schema:requests:1',
        requests: [{ ...CLOUD, ...requests[1] }],
      })
    })

    it('reports an error before the first intercepted request', async () => {
      const { live } = dry([])
      expect(await set(['prod:1'], { ...TABLE, setDescription: 'new' }, live)).toBe(1)
    })
  })

  describe('output of changed images', () => {
    it('prints IDs, values and columns', async () => {
      const changed = async (options: object): Promise<string> => {
        const { live } = stage()
        expect(await set(['prod:1', 'prod:2'], { ...TABLE, setDescription: 'new', ...options }, live)).toBe(0)
        return live.output.text()
      }
      expect(await changed({ quiet: true })).toBe('1\n2\n')
      expect(await changed({ output: 'value', columns: 'id,description' })).toBe('1\tnew\n2\tnew\n')
      expect(await changed({ columns: 'id', header: false, sort: 'id:desc' })).toBe('2\n1\n')
    })

    it('prints the requests of a dry run as rows, without IDs', async () => {
      const held = {
        method: 'PUT' as const,
        url: 'https://api.example/v1/images/1?sig=hunter2',
        headers: {},
        body: { json: { description: 'new' } },
      }
      const dry = (): Stage['live'] => ({ ...stage().live, takeHeld: () => [held] })
      const live = dry()
      expect(await set(['prod:1'], { output: 'value', setDescription: 'new', columns: 'method,url,body' }, live)).toBe(
        0,
      )
      expect(live.output.text()).toBe('PUT\thttps://api.example/v1/images/1?sig=***\t{"description":"new"}\n')
      const asked = dry()
      expect(
        (await problem(() => set(['prod:1'], { ...TABLE, setDescription: 'new', quiet: true }, asked))).exitCode,
      ).toBe(2)
      expect(
        (await problem(() => set(['prod:1'], { ...TABLE, setDescription: 'new', columns: 'id' }, asked))).message,
      ).toMatch(/\(one of: cloud, method, url, body\)/)
    })

    it('refuses invalid output options before any change', async () => {
      const { live, source } = stage()
      expect(
        (await problem(() => set(['prod:1'], { ...JSON_OUTPUT, setDescription: 'new', columns: 'id' }, live))).exitCode,
      ).toBe(2)
      expect(await findImage(source, '1')).toMatchObject({ description: null })
    })
  })

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
        expect(live.messages.text()).toContain('kept hetzner/prod:id:1 (name-1): it no longer exists\n')
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
})
