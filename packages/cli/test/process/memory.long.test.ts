import { beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { execute, assertBuilt, BIN } from './imago.ts'
import { ZSTD } from '../input/zstd-fixture.ts'
import { glance, hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'

beforeAll(assertBuilt)

const folder = temporaryFolder()
const MEBIBYTE = 1024 * 1024
const RECORD = [glance({ description: 'x'.repeat(2000) }), hetzner()].map((record) => JSON.stringify(record))

const generate = (name: string, megabytes: number, before: string, between: string, after: string): string => {
  const file = openSync(folder.path(name), 'w')
  const block = Array.from({ length: 500 }, (_, index) => RECORD[index % RECORD.length]).join(between)
  writeSync(file, before + block)
  for (let written = block.length; written < megabytes * MEBIBYTE; written += block.length)
    writeSync(file, between + block)
  writeSync(file, after)
  closeSync(file)
  return folder.path(name)
}

/** A script that prints its peak memory in bytes on the last line. */
const MEASURED = `process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS * 1024)); await import(process.env.IMAGO_BIN)`

const measurePeak = async (file: string): Promise<number> => {
  const script = folder.file('measure.mjs', MEASURED)
  const { code, stderr } = await execute(
    'bash',
    ['-c', '"$0" "$@" > /dev/null', process.execPath, script, 'normalize', '-o', 'ndjson', file],
    { env: { IMAGO_BIN: BIN } },
  )
  expect(code).toBe(0)
  const peak = Number(/peak (\d+)$/.exec(stderr)?.[1])
  expect(peak).toBeGreaterThan(MEBIBYTE)
  return peak
}

describe('memory does not grow with the size of the input', () => {
  it.each<[string, string, string, string]>([
    ['ndjson', '', '\n', '\n'],
    ['json', '{"images":[', ',\n', '],"next":null}'],
    ['one-line.json', '[', ',', ']'],
  ])(
    '%s',
    async (name, before, between, after) => {
      expect(await measurePeak(generate(name, 60, before, between, after))).toBeLessThan(200 * MEBIBYTE)
    },
    120_000,
  )

  it('zstd with a high compression ratio', async () => {
    // 389 MB decompressed. The limit leaves room for decompression and threads, but not for all of the data.
    expect(
      await measurePeak(folder.file('many.zst', Buffer.concat(Array.from({ length: 120 }, () => ZSTD.many)))),
    ).toBeLessThan(320 * MEBIBYTE)
  }, 300_000)
})

describe('memory does not grow with the length of a listing', () => {
  const COUNT = 40_000

  it('when a pipe is read more slowly than the cloud sends', async () => {
    const server = spawn(process.execPath, [join(__dirname, '../../../../tools/bench/long-lists.mjs'), String(COUNT)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [env] = (await once(server.stdout, 'data')) as [Buffer]
      // The images take about 300 MB in total, and a listing needs a tenth of that at once.
      const script = 'set -o pipefail; "$0" --max-old-space-size=96 "$@" | wc -l'
      const { code, stdout } = await execute(
        'bash',
        ['-c', script, process.execPath, BIN, 'list', 'openstack/envvars', '-o', 'ndjson'],
        {
          env: { ...(JSON.parse(String(env)) as NodeJS.ProcessEnv), HOME: folder.path('.') },
        },
      )
      expect(code).toBe(0)
      expect(Number(stdout)).toBe(COUNT)
    } finally {
      server.kill()
    }
  }, 120_000)
})
