import { describe, expect, it } from '@jest/globals'
import type { ImageSource } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import { set } from '../../../src/commands/set/run.ts'
import { CLOUD, image, stage, findImage, JSON_OUTPUT, TABLE, printed, problem } from '../../writing/stage.ts'

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
