import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkImage } from '../../src/convert/check.ts'
import type { ConvertibleFormat } from '../../src/convert/drivers.ts'
import { findQemuImg, type QemuImg } from '../../src/convert/qemu-img.ts'
import { inspectFile } from '@imago/inspect'
import { SITE } from '../bytes/chunks.ts'
import { failed, inspect } from '../../../inspect/test/images.ts'

const folder = mkdtempSync(join(tmpdir(), 'imago-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

let qemuImg: QemuImg
beforeAll(async () => {
  const found = await findQemuImg(process.env['PATH'] ?? '', SITE)()
  if (E.isLeft(found)) throw new Error(found.left.what)
  qemuImg = found.right
})

const qemu = (...args: readonly string[]): string => execFileSync('qemu-img', args, { cwd: folder, encoding: 'utf8' })

/** The format's name in `qemu-img`, and options. */
const KINDS: readonly (readonly [ConvertibleFormat, string, readonly string[]])[] = [
  ['qcow2', 'qcow2', []],
  ['qcow2', 'qcow2', ['-c']],
  ...[
    'compat=0.10',
    'cluster_size=512',
    'cluster_size=4096',
    'cluster_size=2M',
    'refcount_bits=1',
    'refcount_bits=64',
    'preallocation=metadata',
    'preallocation=falloc',
    'preallocation=full',
    'lazy_refcounts=on',
  ].map((option) => ['qcow2', 'qcow2', ['-o', option]] as const),
  ['vmdk', 'vmdk', []],
  ['vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
  ['vdi', 'vdi', []],
  ['vdi', 'vdi', ['-o', 'static=on']],
  ['vhd', 'vpc', []],
  ['vhd', 'vpc', ['-o', 'subformat=fixed']],
  ['vhd', 'vpc', ['-o', 'subformat=fixed,force_size=on']],
  ['vhdx', 'vhdx', []],
  ['vhdx', 'vhdx', ['-o', 'subformat=fixed,block_size=1M']],
]

/** A disk with data at random places. */
const disk = fc
  .record({
    sectors: fc.integer({ min: 1, max: 20_000 }),
    data: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 200_000 })), {
      maxLength: 5,
    }),
  })
  .map(({ sectors, data }) => {
    const bytes = Buffer.alloc(sectors * 512)
    for (const [place, length] of data) {
      const at = Math.floor(place * (bytes.length - 1))
      randomBytes(Math.min(length, bytes.length - at)).copy(bytes, at)
    }
    return bytes
  })

describe.each(
  KINDS.map(([format, driver, options]) => ({ name: [format, ...options].join(' '), format, driver, options })),
)('checks of $name', ({ format, driver, options }) => {
  it('pass a complete image, and detect a truncation that loses data', async () => {
    await fc.assert(
      fc.asyncProperty(disk, fc.double({ min: 0, max: 1, noNaN: true }), async (bytes, place) => {
        writeFileSync(join(folder, 'raw'), bytes)
        qemu('convert', '-q', '-f', 'raw', '-O', driver, ...options, 'raw', 'image')
        const path = join(folder, 'image')
        const whole = readFileSync(path)
        expect(inspect(whole)).toMatchObject({ format, failures: [] })
        expect(await inspectFile(path)).toMatchObject({ format, failures: [] })
        expect(await checkImage(qemuImg, { path, format }, SITE)()).toMatchObject({ right: { failure: null } })
        truncateSync(path, Math.max(1024, Math.floor(place * (whole.length - 1))))
        const cut = await inspectFile(path)
        if (cut.format !== format || failed(cut).length > 0) return
        // The truncated part has no data of the disk: QEMU reads the same disk.
        qemu('convert', '-q', '-f', driver, '-O', 'raw', 'image', 'again')
        expect(readFileSync(join(folder, 'again')).subarray(0, bytes.length).equals(bytes)).toBe(true)
      }),
      { numRuns: 8 },
    )
  })
})
