import { afterEach, describe, expect, it } from '@jest/globals'
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

/** Transfers these bytes as an image of this format. Returns the result and the number of created images. */
const transfer = async (bytes: Uint8Array, format: Image['format'], options: RigOptions = {}) => {
  const rig = createRig({ bytes, image: { format }, ...options })
  rigs.push(rig)
  const result = await rig.run()
  return { result, made: (await rig.listCreated()).length, events: rig.events }
}

const toFormat = (disk: string, container: string | null = 'bare'): Image['format'] => ({ disk, container })

describe('transfer of an image without a conversion', () => {
  it.each([
    ['qcow2', 'qcow2'],
    ['qcow2 preallocated', 'qcow2'],
    ['vmdk monolithicSparse', 'vmdk'],
    ['vdi dynamic', 'vdi'],
    ['vhd dynamic', 'vhd'],
    ['vhdx dynamic', 'vhdx'],
  ])('transfers a complete %s, and refuses a truncated one', async (name, format) => {
    const bytes = image(name)
    expect(await transfer(bytes, toFormat(format))).toMatchObject({
      result: { right: { verified: 'digest-match' } },
      made: 1,
    })
    expect(await transfer(bytes.subarray(0, 500_000), toFormat(format))).toMatchObject({
      result: { left: { _tag: 'UnsafeImage', check: 'truncated' } },
      made: 0,
    })
  })

  const checking = (checked: DiskChecked): RigOptions => ({ tools: { checkDisk: () => TE.right(checked) } })

  it('refuses an image that qemu-img finds damaged or truncated', async () => {
    const damaged = checking({ failure: { check: 'damaged', what: 'two places', source: 'a test' }, unchecked: null })
    expect(await transfer(image('qcow2'), toFormat('qcow2'), damaged)).toMatchObject({
      result: { left: { check: 'damaged', changes: [{ parameter: 'allow', values: ['damaged'] }] } },
      made: 0,
    })
    const cut = checking({ failure: { check: 'truncated', what: 'cut', source: 'a test' }, unchecked: null })
    expect(await transfer(image('qcow2'), toFormat('qcow2'), cut)).toMatchObject({
      result: { left: { check: 'truncated', hint: expect.not.stringContaining('--allow') } },
      made: 0,
    })
  })

  it('transfers an image that qemu-img cannot check, with a note', async () => {
    const { result, events } = await transfer(
      image('qcow2'),
      toFormat('qcow2'),
      checking({ failure: null, unchecked: 'it needs a key' }),
    )
    expect(result).toMatchObject({ right: { verified: 'digest-match' } })
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'note', what: 'qemu-img could not check the qcow2: it needs a key' }),
    )
  })
})

describe('transfer of bytes that are not a disk', () => {
  const page = new Uint8Array(Buffer.from('<!doctype html><title>Log in</title>'))
  const gzip = new Uint8Array(1024)
  gzip.set([0x1f, 0x8b, 8])

  it('refuses them as a disk, and identifies them', async () => {
    expect(await transfer(page, toFormat('raw'))).toMatchObject({
      result: { left: { _tag: 'UnsafeImage', check: 'not-a-disk', what: expect.stringContaining('an HTML page') } },
      made: 0,
    })
  })

  it('accepts them in a matching container format only', async () => {
    expect(await transfer(gzip, toFormat('raw', 'compressed'))).toMatchObject({
      result: { right: { verified: 'digest-match' } },
      made: 1,
    })
    expect(await transfer(gzip, toFormat('raw', 'docker'))).toMatchObject({ result: { right: {} }, made: 1 })
    expect(await transfer(gzip, toFormat('vmdk', 'ova'))).toMatchObject({
      result: { left: { check: 'format_mismatch' } },
      made: 0,
    })
    expect(await transfer(page, toFormat('raw', 'compressed'))).toMatchObject({
      result: { left: { check: 'format_mismatch', what: expect.stringContaining('an HTML page') } },
      made: 0,
    })
  })

  it('accepts them as a RAM disk', async () => {
    const ramDisk = new Uint8Array(Buffer.from('070701 and files'))
    expect(await transfer(ramDisk, toFormat('ari', 'ari'))).toMatchObject({ result: { right: {} }, made: 1 })
  })
})
