// One process of the decode benchmark: reads a page, or only makes its images (`literals`). Prints the medians and sums of 30 rounds, after 10 rounds
// of warm-up, in milliseconds of processor time.
import { readDump } from '@imago/core'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import { createLiterals } from './literals.mjs'
import { RECORDS } from './records.mjs'
import { median } from './statistics.mjs'

const [, , provider, what] = process.argv
const text = JSON.stringify({ images: Array.from({ length: 5000 }, (_, i) => RECORDS[provider](i)) })
const readers = [hetznerReader, openstackReader]
const readPage = (page) => {
  const dump = readDump(page, { readers })
  if (dump.items.length !== 5000 || dump.rejected.length > 0 || dump.drift.length > 0)
    throw new Error('the records were not read as they should be')
  return dump.items
}
const work = what === 'literals' ? createLiterals(readPage(JSON.parse(text))) : readPage

const milliseconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e3
}
const parse = []
const read = []
let kept
for (let round = 0; round < 40; round++) {
  const started = milliseconds()
  const page = JSON.parse(text)
  const parsed = milliseconds()
  kept = work(page)
  const done = milliseconds()
  if (round < 10) continue
  parse.push(parsed - started)
  read.push(done - parsed)
}
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
process.stdout.write(
  JSON.stringify({
    images: kept.length,
    parse: median(parse),
    read: median(read),
    total: sum(read) / sum(parse),
    bytes: text.length,
  }),
)
