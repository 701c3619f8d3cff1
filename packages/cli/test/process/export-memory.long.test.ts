import { describe, beforeAll, expect, it } from '@jest/globals'
import { appendFileSync } from 'node:fs'
import { hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, execute } from './imago.ts'

beforeAll(assertBuilt)

const folder = temporaryFolder()
const IMAGES = 100_000
const MEBIBYTE = 1024 * 1024

const saveImages = (): string => {
  const file = folder.file('images.ndjson', '')
  for (let start = 0; start < IMAGES; start += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => `${JSON.stringify(hetzner({ id: start + index }))}\n`)
    appendFileSync(file, lines.join(''))
  }
  return file
}

/** A script that prints its peak memory in KiB on the last line. `maxRSS` would include the peak of this process, from which it is forked. */
const MEASURED = `import { readFileSync } from 'node:fs'
process.on('exit', () => process.stderr.write('\\npeak ' + /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]))
await import(process.env.IMAGO_BIN)`

describe('memory of imago export', () => {
  it.each([
    ['images.parquet', 286],
    ['inventory.db', 286],
    // The library of DuckDB takes 60 MiB more.
    ['inventory.duckdb', 350],
  ])('imago exports 100,000 images to %s in less than %d MiB', async (name, most) => {
    const script = folder.file('measure.mjs', MEASURED)
    const parameters = ['export', folder.path(name), '--from', saveImages(), '--quiet']
    const { code, stderr } = await execute(process.execPath, [script, ...parameters], { env: { IMAGO_BIN: BIN } })
    expect(code).toBe(0)
    const peak = 1024 * Number(/peak (\d+)$/.exec(stderr)?.[1])
    expect(peak).toBeGreaterThan(50 * MEBIBYTE)
    expect(peak).toBeLessThan(most * MEBIBYTE)
  })
})
