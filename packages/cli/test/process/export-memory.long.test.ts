import { beforeAll, describe, expect, it } from '@jest/globals'
import { appendFileSync } from 'node:fs'
import { glance, hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, execute } from './imago.ts'

beforeAll(assertBuilt)

const folder = temporaryFolder()
const MEBIBYTE = 1024 * 1024
const ROWS_AT_ONCE = 1000

type CreateRecord = (index: number) => object

const digits = (index: number, length: number): string => index.toString(16).padStart(length, '0')

/** With properties and digests, as Glance's images have: their rows are twice as long as those of Hetzner Cloud. */
const createGlance: CreateRecord = (index) =>
  glance({
    id: `6e3f2a0b-a0f8-4d31-8c46-${digits(index, 12)}`,
    name: `debian-12-${index}`,
    size: 1024 + index,
    os_hash_algo: 'sha512',
    os_hash_value: digits(index, 128),
    tags: ['debian', `batch-${index % 100}`],
    os_distro: 'debian',
    os_version: '12',
    architecture: 'x86_64',
    hw_firmware_type: 'uefi',
    hw_machine_type: 'q35',
    hw_disk_bus: 'virtio',
    hw_qemu_guest_agent: 'yes',
    build: digits(index, 8),
  })

const createHetzner: CreateRecord = (index) => hetzner({ id: index + 1 })

const save = (name: string, images: number, create: CreateRecord): string => {
  const file = folder.file(name, '')
  for (let start = 0; start < images; start += ROWS_AT_ONCE) {
    const lines = Array.from({ length: ROWS_AT_ONCE }, (_, index) => `${JSON.stringify(create(start + index))}\n`)
    appendFileSync(file, lines.join(''))
  }
  return file
}

/** A script that prints its peak memory in KiB on the last line. `maxRSS` would include the peak of this process, from which it is forked. */
const MEASURED = `import { readFileSync } from 'node:fs'
process.on('exit', () => process.stderr.write('\\npeak ' + /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]))
await import(process.env.IMAGO_BIN)`

describe('memory of imago export', () => {
  const IMAGES = 100_000
  /** In MiB: 300 MB. */
  const MOST = 286

  describe.each<[string, CreateRecord]>([
    ['hetzner.ndjson', createHetzner],
    ['glance.ndjson', createGlance],
  ])('of 100,000 images in %s', (dump, create) => {
    let file = ''
    beforeAll(() => {
      file = save(dump, IMAGES, create)
    })

    it.each(['images.parquet', 'inventory.db', 'inventory.duckdb'])('stays below 300 MB for %s', async (name) => {
      const script = folder.file('measure.mjs', MEASURED)
      const parameters = ['export', folder.path(`${dump}-${name}`), '--from', file, '--quiet']
      const { code, stderr } = await execute(process.execPath, [script, ...parameters], { env: { IMAGO_BIN: BIN } })
      expect(code).toBe(0)
      const peak = 1024 * Number(/peak (\d+)$/.exec(stderr)?.[1])
      expect(peak).toBeGreaterThan(50 * MEBIBYTE)
      expect(peak).toBeLessThan(MOST * MEBIBYTE)
    })
  })

  describe('of images with large records', () => {
    const LARGE_IMAGES = 8000
    let file = ''
    beforeAll(() => {
      const description = 'x'.repeat(8000)
      file = save('large.ndjson', LARGE_IMAGES, (index) => glance({ id: `id-${index}`, description }))
    })

    // All rows have 128 MB of text, in the columns description and raw. A row group that is limited by rows would contain all of them.
    it.each(['large.parquet', 'large.db', 'large.duckdb'])('fits a heap of 96 MiB for %s', async (name) => {
      const { code, stderr } = await execute(process.execPath, [
        '--max-old-space-size=96',
        BIN,
        'export',
        folder.path(name),
        '--from',
        file,
        '--raw',
        '--quiet',
      ])
      expect(stderr).toBe('')
      expect(code).toBe(0)
    })
  })
})
