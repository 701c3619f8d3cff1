import { describe, expect, it } from '@jest/globals'
import type { Image, ImageSource } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import { remove } from '../../src/commands/delete/run.ts'
import { prune } from '../../src/commands/prune/run.ts'
import type { PruneOptions } from '../../src/commands/prune/options.ts'
import { EXIT } from '../../src/exit-code.ts'
import { memoryLive, openstackRegion } from '../live.ts'
import { findSchemaFaults } from '../schema-faults.ts'

const SNAPSHOT = '3482e091-5bd4-4555-a548-8f9a0f3fe802'
const BEFORE = `imago: openstack/lab:id:disk (disk): its data is in Cinder snapshot ${SNAPSHOT}, which is not deleted with the image. To delete it afterwards, run: openstack volume snapshot delete ${SNAPSHOT}`
const AFTER = `imago: Cinder snapshot ${SNAPSHOT} of openstack/lab:id:disk (disk) remains. If it is no longer needed, run: openstack volume snapshot delete ${SNAPSHOT}`

const CLOUD = { provider: 'openstack', cloud: 'lab', region: null }

const image = (id: string, more: Partial<Image> = {}): Image => ({
  ...bareImage(
    id,
    { name: id, kind: 'snapshot', status: 'available', visibility: 'private', owner: 'p', protected: false },
    CLOUD,
  ),
  ...more,
})

const mapping = JSON.stringify([{ source_type: 'snapshot', snapshot_id: SNAPSHOT }])
const IMAGES = [image('data'), image('disk', { raw: { id: 'disk', block_device_mapping: mapping } })]

const stage = () => {
  let source: ImageSource | null = null
  const live = memoryLive({
    clouds: [openstackRegion('lab')],
    open: (target: ProviderCloud) =>
      (source ??= createMemorySource({ images: IMAGES, project: 'p', cloud: toIdentity(target) })),
  })
  return { ...live, takeHeld: null }
}

const yes = () => Promise.resolve(true)

type Documents = readonly { readonly ref: { readonly id: string }; readonly remaining?: unknown }[]

const readRemaining = (text: string) =>
  (JSON.parse(text) as { readonly images: Documents }).images.map(({ ref, remaining }) => ({ id: ref.id, remaining }))

describe('delete of an image whose data is in Cinder', () => {
  it('reports the snapshot that remains before the question, and after the deletion', async () => {
    const live = stage()
    expect(await remove(['lab:data', 'lab:disk'], { output: 'table' }, live, yes)).toBe(EXIT.done)
    expect(live.messages.lines()).toEqual([
      '  openstack/lab:id:data (data)',
      '  openstack/lab:id:disk (disk)',
      BEFORE,
      AFTER,
    ])
  })

  it('reports it in a dry run', async () => {
    const live = { ...stage(), takeHeld: () => [] }
    expect(await remove(['lab:disk'], { output: 'table', dryRun: true }, live, null)).toBe(EXIT.done)
    expect(live.messages.lines()).toEqual([BEFORE])
  })

  it('adds it to the printed image for programs', async () => {
    const live = stage()
    expect(await remove(['lab:data', 'lab:disk'], { output: 'json', yes: true }, live, null)).toBe(EXIT.done)
    const text = live.output.text()
    expect(readRemaining(text)).toEqual([
      { id: 'data', remaining: undefined },
      { id: 'disk', remaining: [{ kind: 'volume-snapshot', id: SNAPSHOT }] },
    ])
    expect(findSchemaFaults('images', text)).toEqual([])
    expect(live.messages.lines()).toEqual([AFTER])
  })
})

describe('prune of an image whose data is in Cinder', () => {
  const run = async (options: Partial<PruneOptions>, confirm: typeof yes | null = null) => {
    const live = stage()
    const given = { output: 'table', kind: ['snapshot'], ...options } as PruneOptions
    expect(await prune(['lab'], given, live, confirm)).toBe(EXIT.done)
    return { lines: live.messages.lines(), text: live.output.text() }
  }

  it('reports the snapshot that remains in a dry run', async () => {
    expect((await run({ dryRun: true })).lines).toEqual([BEFORE, 'would delete 2 images, keep 0'])
  })

  it('reports it before the question, and after the deletion', async () => {
    const { lines } = await run({}, yes)
    expect(lines).toEqual([
      BEFORE,
      'deleted openstack/lab:id:data (data)',
      'deleted openstack/lab:id:disk (disk)',
      AFTER,
      'deleted 2 images of 2',
    ])
  })

  it('adds it to the rows for programs', async () => {
    const { lines, text } = await run({ output: 'json', yes: true })
    expect(readRemaining(text)).toEqual([
      { id: 'data', remaining: [] },
      { id: 'disk', remaining: [{ kind: 'volume-snapshot', id: SNAPSHOT }] },
    ])
    expect(findSchemaFaults('prune', text)).toEqual([])
    expect(lines.filter((line) => line === BEFORE)).toEqual([])
  })
})
