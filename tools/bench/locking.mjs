// Measures resolving a requirement among 100,000 images (IMAGO_BENCH_DECIDED_IMAGES), and printing and parsing a lock of 100,000 pins, against JSON.parse of the same data. In CPU
// seconds of this process, which other load does not affect.
import { provider } from '@imago/adapter-openstack/provider'
import { explainRecord, readDump } from '@imago/core'
import { createLock, createPin, createRequirement, parseLock, parseWant, printLock, resolve } from '@imago/lock'
import { glanceRecord } from './records.mjs'
import { sizes } from './sizes.mjs'

const COUNT = sizes.decidedImages
const NOW = '2026-11-22T12:00:00Z'

const measured = (work) => {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (user + system) / 1e6 }
}

export const locking = ({ line }) => {
  const readers = [provider.reader]
  const text = `[${Array.from({ length: COUNT }, (_, index) => JSON.stringify(glanceRecord(index))).join(',')}]`
  const records = measured(() => JSON.parse(text))
  const { items } = readDump(records.result, { readers, cloud: 'bench' })
  const evidence = ({ raw, ref }, field) =>
    explainRecord(raw, '', { readers, provider: ref.provider }).right.fields.find((one) => one.field === field).evidence
  const observed = {
    cloud: { provider: 'openstack', cloud: 'bench', region: null },
    images: { completeness: 'read', reason: null, items },
    project: items[0].owner,
    immutableKinds: ['image'],
    evidence,
  }
  const { architecture, owner, os } = items[0]
  const { right: want } = parseWant(`${os.distro ?? 'ubuntu'}@${os.version ?? '24.04'}/${architecture ?? 'x86_64'}`)
  const requirement = createRequirement(want, { trust: ['self', `owner:${owner}`] })
  const resolved = measured(() => resolve(requirement, observed, { now: NOW }))
  const pins = items.map((image, index) =>
    createPin({ image: `image-${index}`, on: 'bench', requirement }, image, observed),
  )
  const printed = measured(() => printLock(createLock(pins)))
  const parsed = measured(() => JSON.parse(printed.result))
  const read = measured(() => parseLock(printed.result))
  if (read.result._tag !== 'Right' || read.result.right.pins.length !== items.length)
    throw new Error('the lock was not read back')
  const row = (what, { seconds }, base) =>
    line(`| ${what} | ${seconds.toFixed(2)} | **${(seconds / base.seconds).toFixed(2)}** |`)
  line(`## Locks of ${items.length} images, against JSON.parse of the same data`)
  line('| work | CPU s | ratio |')
  line('|---|---|---|')
  row(`resolve one want (${resolved.result.candidates.length} candidates)`, resolved, records)
  row(`print the lock (${(printed.result.length / 1e6).toFixed(0)} MB)`, printed, parsed)
  row('read the lock', read, parsed)
  line()
}
