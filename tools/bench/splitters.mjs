// Measures how fast records are read from a dump: imago's splitter, a bare loop, and streaming libraries, each in its own process.
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root, writeDump } from './measure.mjs'
import { glanceRecord } from './records.mjs'
import { sizes } from './sizes.mjs'

const CHUNK = 256 * 1024
const require = createRequire(import.meta.url)
const LAYOUTS = {
  NDJSON: { name: 'a.ndjson', before: '', between: '\n', after: '\n' },
  'JSON, compact': { name: 'a.json', before: '{"images":[', between: ',', after: ']}' },
  'JSON, pretty': { name: 'b.json', before: '{"images": [\n', between: ',\n', after: '\n]}\n', space: 2 },
}

const load = (name) => import(pathToFileURL(require.resolve(name)))

const contenders = {
  'imago’s splitter': async (file) => {
    const { createJsonSplitter } = await import('@imago/json-records')
    let records = 0
    const wrong = (what) => {
      throw new Error(JSON.stringify(what))
    }
    const splitter = createJsonSplitter(
      { streamedKeys: new Set(['images']) },
      { record: ({ value }) => void (records += 'id' in value ? 1 : 0), malformed: wrong, problem: wrong },
    )
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) splitter.push(chunk)
    splitter.end()
    return records
  },
  'bare loop': async (file) => {
    const text = readFileSync(file, 'utf8')
    if (!file.endsWith('.ndjson')) return JSON.parse(text).images.length
    let records = 0
    for (let from = 0, end = text.indexOf('\n'); end !== -1; from = end + 1, end = text.indexOf('\n', from)) {
      JSON.parse(text.slice(from, end))
      records++
    }
    return records
  },
  '@streamparser/json': async (file) => {
    const { JSONParser } = require('@streamparser/json')
    const parser = new JSONParser(
      file.endsWith('.ndjson')
        ? { separator: '\n', paths: ['$'], keepStack: false }
        : { paths: ['$.images.*'], keepStack: false },
    )
    let records = 0
    parser.onValue = () => void records++
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) parser.write(chunk)
    return records
  },
  'stream-json': async (file) => {
    const { parser } = await load('stream-json')
    const { default: chain } = await import(
      pathToFileURL(createRequire(require.resolve('stream-json')).resolve('stream-chain'))
    )
    const { pick } = await load('stream-json/filters/pick.js')
    const { streamArray } = await load('stream-json/streamers/stream-array.js')
    const { streamValues } = await load('stream-json/streamers/stream-values.js')
    const stages = file.endsWith('.ndjson')
      ? [parser({ jsonStreaming: true }), streamValues()]
      : [parser(), pick({ filter: 'images' }), streamArray()]
    const pipeline = chain([createReadStream(file, { highWaterMark: CHUNK }), ...stages])
    let records = 0
    pipeline.on('data', () => void records++)
    await new Promise((resolve, reject) => pipeline.on('end', resolve).on('error', reject))
    return records
  },
}

const measureOnce = (contender, file) =>
  JSON.parse(
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), contender, file], { cwd: root, encoding: 'utf8' }),
  )

export const splitters = async ({ line }) => {
  const megabytes = sizes.splitMegabytes
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  line(`## Records out of a ${megabytes} MB dump, each parsed: MB/s, and how many times as long as imago’s splitter`)
  line(`| layout | ${Object.keys(contenders).join(' | ')} |`)
  line(`|${'---|'.repeat(Object.keys(contenders).length + 1)}`)
  try {
    for (const [layout, shape] of Object.entries(LAYOUTS)) {
      const path = join(folder, shape.name)
      const count = await writeDump(path, megabytes * 1e6, glanceRecord, shape)
      const cells = []
      let ours = 0
      for (const contender of Object.keys(contenders)) {
        const { seconds, records } = measureOnce(contender, path)
        if (records !== count) throw new Error(`${contender} found ${records} of ${count} records`)
        ours ||= seconds
        cells.push(`${(statSync(path).size / 1e6 / seconds).toFixed(0)} (${(seconds / ours).toFixed(2)})`)
      }
      line(`| ${layout} | ${cells.join(' | ')} |`)
      rmSync(path)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  line()
}

// As a program: `node splitters.mjs CONTENDER FILE`.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, file] = process.argv.slice(2)
  const started = process.hrtime.bigint()
  const records = await contenders[name](file)
  process.stdout.write(JSON.stringify({ seconds: Number(process.hrtime.bigint() - started) / 1e9, records }))
}
