import { describe, expect, it } from '@jest/globals'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import type { Image, ImageReader, ImageSource } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { parse } from 'yaml'
import { explainLive } from '../../../src/commands/explain/run-live.ts'
import { show } from '../../../src/commands/show/run.ts'
import type { ShowOptions } from '../../../src/commands/show/options.ts'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { EXIT } from '../../../src/exit-code.ts'
import { hetznerCloud, memoryLive, openstackCloud, sourceAmong } from '../../live.ts'
import { glance, hetzner, HOSTILE } from '../../records.ts'

const readImage = (reader: ImageReader, record: unknown): Image => {
  const read = reader.read(record, { cloud: null, region: null, pointer: '' })
  if (E.isLeft(read)) throw new Error('the record is none')
  return read.right.image
}

const of =
  (...images: readonly Image[]) =>
  (target: ProviderCloud): ImageSource =>
    createMemorySource({ images, cloud: toIdentity(target) })

const snapshot = readImage(hetznerReader, hetzner({ labels: { env: 'prod', team: 'x' }, image_size: null }))
const debian = readImage(openstackReader, glance({ direct_url: 'swift+https://user:hunter2@store.example/c/a' }))
const live = (isTerminal = false) =>
  memoryLive({
    clouds: [hetznerCloud('prod'), openstackCloud('lab')],
    open: sourceAmong({ prod: of(snapshot), lab: of(debian) }),
    isTerminal,
  })

const run = async (places: readonly string[], options: Partial<ShowOptions> = {}) => {
  const context = live()
  const code = await show(places, { output: 'table', ...options }, context)
  return { code, lines: context.output.lines(), text: context.output.text(), messages: context.messages.lines() }
}

describe('imago show', () => {
  it('prints each field, each entry on its own line, and - without a value', async () => {
    const { code, lines } = await run(['prod:322189934'])
    expect(code).toBe(EXIT.done)
    expect(lines.slice(0, 4)).toEqual([
      'hetzner/prod:id:322189934',
      'FIELD             VALUE',
      'ref.id            322189934',
      'name              -',
    ])
    expect(lines).toEqual(
      expect.arrayContaining([
        'size.stored       -',
        'size.minDisk      19.1 GiB (20480000000 bytes)',
        'labels            env=prod',
        '                  team=x',
        'tags              -',
        'createdAt         2026-03-09T17:55:14Z',
      ]),
    )
  })

  it('finds an image by description, and prints evidence', async () => {
    const { lines } = await run(['prod:before the upgrade'], { evidence: true })
    expect(lines).toEqual(
      expect.arrayContaining([
        'os.family         inferred     linux',
        'hidden            unsupported  -',
        'labels            declared     env=prod',
        '                               team=x',
      ]),
    )
  })

  it('prints several images in order, and reports one that is not found', async () => {
    const { code, lines, messages } = await run(['lab:debian-12', 'prod:nothing', 'prod:id:322189934'])
    expect(code).toBe(EXIT.notFound)
    expect(lines.filter((line) => line.includes('/'))).toEqual(
      expect.arrayContaining(['openstack/lab:id:6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70', 'hetzner/prod:id:322189934']),
    )
    expect(messages).toEqual([
      'imago: image not found: prod:nothing. Check the ID or name, the project and the region; hidden images are found only by ID',
    ])
  })

  it('prints the same images as JSON and YAML, and masks secrets by default', async () => {
    const { text } = await run(['lab:debian-12'], { output: 'json' })
    expect(JSON.parse(text)).toMatchObject({
      $schema: 'urn:imago:schema:images:1',
      images: [
        { ref: { provider: 'openstack', cloud: 'lab' }, raw: { direct_url: 'swift+https://***@store.example/c/a' } },
      ],
    })
    expect(parse((await run(['lab:debian-12'], { output: 'yaml' })).text)).toEqual(JSON.parse(text))
    expect((await run(['lab:debian-12'])).text).not.toContain('hunter2')
    expect((await run(['lab:debian-12'], { output: 'json', showSecrets: true })).text).toContain('hunter2')
  })

  it('refuses an invalid address before any request', async () => {
    for (const text of ['debian', './file', 'https://a/b'])
      await expect(run(['lab:debian-12', text])).rejects.toMatchObject({ exitCode: EXIT.usage })
  })

  it('escapes control characters in names', async () => {
    const odd = readImage(
      openstackReader,
      glance({ id: HOSTILE, name: HOSTILE, os_distro: HOSTILE, tags: [HOSTILE], [HOSTILE]: HOSTILE }),
    )
    const context = memoryLive({
      clouds: [openstackCloud('lab')],
      open: sourceAmong({ lab: of(odd) }),
      isTerminal: true,
    })
    await show([`lab:name:${HOSTILE}`, `lab:${HOSTILE} not there`], { output: 'table' }, context)
    expect(context.output.text().length).toBeGreaterThan(500)
    for (const text of [context.output.text(), context.messages.text()])
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
      )
  })
})

describe('imago explain IMAGE', () => {
  it('explains an image of a cloud like a saved one, with its address', async () => {
    const context = live()
    expect(await explainLive('prod:322189934', { output: 'table', field: 'architecture' }, context)).toBe(EXIT.done)
    expect(context.output.lines()).toEqual([
      'hetzner/prod:322189934  before the upgrade  (dialect: api)',
      'FIELD         VALUE   EVIDENCE  FROM                   RULE',
      'architecture  x86_64  declared  /architecture = "x86"  x86 is x86_64, arm is aarch64',
    ])
  })

  it('prints JSON', async () => {
    const context = live()
    await explainLive('lab:debian-12', { output: 'json' }, context)
    expect(JSON.parse(context.output.text())).toMatchObject({
      explanations: [{ ref: { provider: 'openstack', cloud: 'lab', id: '6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70' } }],
    })
    expect(context.output.text()).not.toContain('hunter2')
  })

  it('refuses options for files', async () => {
    await expect(explainLive('lab:debian-12', { output: 'json', provider: 'hetzner' }, live())).rejects.toMatchObject({
      exitCode: EXIT.usage,
    })
  })
})
