// @ts-check
// For a nightly job: makes a snapshot of a server, then deletes all but the newest of those that carry its labels. Without --yes it only says what it would do.
import { parseArgs } from 'node:util'
import { ImageException, perform, createErrorSite, toClient, waitFor } from 'imago'
import { connect, systemTiming } from 'imago/live'

const USAGE = 'usage: nightly-snapshot CLOUD SERVER --label KEY=VALUE [--label …] [--keep N] [--yes]'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    label: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string', default: '3' },
    yes: { type: 'boolean', default: false },
  },
})
const [cloudName, serverName] = positionals
const labels = Object.fromEntries(values.label.map((text) => text.split('=', 2)))
const keep = Number(values.keep)
// Without a label, every snapshot of the project would be one of "ours".
if (cloudName === undefined || serverName === undefined || values.label.length === 0 || !(keep >= 1)) {
  console.error(USAGE)
  process.exit(2)
}

/** @param {import('imago/live').InterceptedRequest} request */
const tell = ({ method, url, body }) =>
  console.log(
    'would send',
    method,
    new URL(url).pathname,
    body !== null && 'json' in body ? JSON.stringify(body.json) : '',
  )

const { clouds, problems, close } = await connect({ clouds: [cloudName], ...(values.yes ? {} : { intercept: tell }) })
const [cloud] = clouds
if (cloud === undefined) throw new Error(problems.map(({ what }) => what).join('; '))
const { source } = cloud
const client = toClient(source)

/** What a dry run holds back was not done: `null`. @template A @param {Promise<A>} change */
const unlessHeld = (change) =>
  change.catch((thrown) => {
    if (!values.yes && thrown instanceof ImageException && thrown.error._tag === 'Aborted') return null
    throw thrown
  })

/** The newest first. */
const ours = async () =>
  (await client.listAll({ kind: 'snapshot', labels })).items.toSorted((a, b) =>
    (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
  )

const [server] = await client.servers({ name: serverName })
if (server === undefined) throw new Error(`${cloud.name} has no server ${serverName}`)
const earlier = await ours()

const made = await unlessHeld(
  client.createFromServer({ serverId: server.id, description: `nightly of ${serverName}`, labels }),
)
if (made !== null) {
  const { image, operation } = made
  const done = await waitFor(
    createErrorSite(source.cloud, 'createFromServer'),
    perform(source, 'operation', operation.id),
    {
      ...systemTiming,
      intervalMs: 500,
      deadlineMs: 3_600_000,
      onProgress: ({ progress }) => console.log(`${image.ref.id}: ${Math.round((progress ?? 0) * 100)} %`),
    },
  )()
  if (done._tag === 'Left') throw new Error(done.left.what)
}

// Only now: a night without a new snapshot must not cost an old one. The new one is one of those to keep.
for (const { ref, createdAt, protected: isProtected } of earlier.slice(keep - 1)) {
  console.log(`${ref.id} of ${createdAt}: ${isProtected ? 'is protected, and stays' : 'is one too many'}`)
  if (!isProtected) await unlessHeld(client.delete(ref.id))
}
console.log('there are:', (await ours()).map(({ ref }) => ref.id).join(' '))
close()
