// One process of the decode benchmark: prints the medians of 30 rounds, after 10 rounds of warm-up, in milliseconds.
import { readDump } from '@imago/core'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import { RECORDS } from './records.mjs'
import { median } from './statistics.mjs'

const provider = process.argv[2]
const text = JSON.stringify({ images: Array.from({ length: 5000 }, (_, i) => RECORDS[provider](i)) })
const readers = [hetznerReader, openstackReader]
const parse = []
const read = []
for (let round = 0; round < 40; round++) {
  let started = process.hrtime.bigint()
  const page = JSON.parse(text)
  const parsed = process.hrtime.bigint() - started
  started = process.hrtime.bigint()
  const dump = readDump(page, { readers })
  const done = process.hrtime.bigint() - started
  if (dump.items.length !== 5000 || dump.rejected.length > 0 || dump.drift.length > 0)
    throw new Error('the records were not read as they should be')
  if (round < 10) continue
  parse.push(Number(parsed) / 1e6)
  read.push(Number(done) / 1e6)
}
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
process.stdout.write(
  JSON.stringify({ parse: median(parse), read: median(read), total: sum(read) / sum(parse), bytes: text.length }),
)
