import { afterEach, describe, expect, test } from '@jest/globals'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Image } from '@imago/core'
import type { DiskChecked } from '../../src/run/tools.ts'
import { qemuImagesWithData } from '../../../inspect/test/images.ts'
import { createRig, type Rig, type RigOptions } from './rig.ts'

const rigs: Rig[] = []
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.clear()
})

const image = (name: string): Uint8Array => qemuImagesWithData.get(name) ?? new Uint8Array()

/** How a move of these bytes ended, as an image of this format; nothing may be made of what is refused. */
const moved = async (bytes: Uint8Array, format: Image['format'], options: RigOptions = {}) => {
  const rig = createRig({ bytes, image: { format }, ...options })
  rigs.push(rig)
  const answer = await rig.run()
  return { answer, made: (await rig.made()).length, events: rig.events }
}

const as = (disk: string, container: string | null = 'bare'): Image['format'] => ({ disk, container })

describe('an image that is kept as it is', () => {
  test.each([
    ['qcow2', 'qcow2'],
    ['qcow2 preallocated', 'qcow2'],
    ['vmdk monolithicSparse', 'vmdk'],
    ['vdi dynamic', 'vdi'],
    ['vhd dynamic', 'vhd'],
    ['vhdx dynamic', 'vhdx'],
  ])('is moved whole, and refused when it was cut short: %s', async (name, format) => {
    const bytes = image(name)
    expect(await moved(bytes, as(format))).toMatchObject({ answer: { right: { verified: 'digest-match' } }, made: 1 })
    expect(await moved(bytes.subarray(0, 500_000), as(format))).toMatchObject({
      answer: { left: { _tag: 'UnsafeImage', check: 'truncated' } },
      made: 0,
    })
  })

  const checking = (checked: DiskChecked): RigOptions => ({ tools: { checkDisk: () => TE.right(checked) } })

  test('is refused for what qemu-img finds in it', async () => {
    const damaged = checking({ failure: { check: 'damaged', what: 'two places', source: 'a test' }, unchecked: null })
    expect(await moved(image('qcow2'), as('qcow2'), damaged)).toMatchObject({
      answer: { left: { check: 'damaged', changes: [{ parameter: 'allow', values: ['damaged'] }] } },
      made: 0,
    })
    const cut = checking({ failure: { check: 'truncated', what: 'cut', source: 'a test' }, unchecked: null })
    expect(await moved(image('qcow2'), as('qcow2'), cut)).toMatchObject({
      answer: { left: { check: 'truncated', hint: expect.not.stringContaining('--allow') } },
      made: 0,
    })
  })

  test('is moved where qemu-img cannot tell, which is told', async () => {
    const { answer, events } = await moved(
      image('qcow2'),
      as('qcow2'),
      checking({ failure: null, unchecked: 'it needs a key' }),
    )
    expect(answer).toMatchObject({ right: { verified: 'digest-match' } })
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'note', what: 'qemu-img could not check the qcow2: it needs a key' }),
    )
  })
})

describe('what is no disk', () => {
  const page = new Uint8Array(Buffer.from('<!doctype html><title>Log in</title>'))
  const gzip = new Uint8Array(1024)
  gzip.set([0x1f, 0x8b, 8])

  test('is refused as a disk, and named', async () => {
    expect(await moved(page, as('raw'))).toMatchObject({
      answer: { left: { _tag: 'UnsafeImage', check: 'not-a-disk', what: expect.stringContaining('an HTML page') } },
      made: 0,
    })
  })

  test('is moved in a container that holds it, and in no other', async () => {
    expect(await moved(gzip, as('raw', 'compressed'))).toMatchObject({
      answer: { right: { verified: 'digest-match' } },
      made: 1,
    })
    expect(await moved(gzip, as('raw', 'docker'))).toMatchObject({ answer: { right: {} }, made: 1 })
    expect(await moved(gzip, as('vmdk', 'ova'))).toMatchObject({
      answer: { left: { check: 'format_mismatch' } },
      made: 0,
    })
    expect(await moved(page, as('raw', 'compressed'))).toMatchObject({
      answer: { left: { check: 'format_mismatch', what: expect.stringContaining('an HTML page') } },
      made: 0,
    })
  })

  test('is moved as a RAM disk', async () => {
    const ramDisk = new Uint8Array(Buffer.from('070701 and files'))
    expect(await moved(ramDisk, as('ari', 'ari'))).toMatchObject({ answer: { right: {} }, made: 1 })
  })
})
