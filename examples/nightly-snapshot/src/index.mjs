// @ts-check
// For a nightly job: creates a snapshot of a server, then deletes all but the newest snapshots with the same labels. Without --yes, it is a dry run.
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
// Without a label, all snapshots of the project would be candidates for deletion.
if (cloudName === undefined || serverName === undefined || values.label.length === 0 || !(keep >= 1)) {
  console.error(USAGE)
  process.exit(2)
}

/** @param {import('imago/live').InterceptedRequest} request */
const printRequest = ({ method, url, body }) =>
  console.log(
    'would send',
    method,
    new URL(url).pathname,
    body !== null && 'json' in body ? JSON.stringify(body.json) : '',
  )

const { clouds, problems, close } = await connect({
  clouds: [cloudName],
  ...(values.yes ? {} : { intercept: printRequest }),
})
const [cloud] = clouds
if (cloud === undefined) throw new Error(problems.map(({ what }) => what).join('; '))
const { source } = cloud
const client = toClient(source)

/** Returns `null` if the dry run intercepted the request of the change. @template A @param {Promise<A>} change */
const unlessIntercepted = (change) =>
  change.catch((thrown) => {
    if (!values.yes && thrown instanceof ImageException && thrown.error._tag === 'Aborted') return null
    throw thrown
  })

/** The snapshots with these labels, the newest first. */
const listSnapshots = async () =>
  (await client.listAll({ kind: 'snapshot', labels })).items.toSorted((a, b) =>
    (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
  )

const [server] = await client.servers({ name: serverName })
if (server === undefined) throw new Error(`${cloud.name} has no server ${serverName}`)
const earlier = await listSnapshots()

const created = await unlessIntercepted(
  client.createFromServer({ serverId: server.id, description: `nightly of ${serverName}`, labels }),
)
if (created !== null) {
  const { image, operation } = created
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

// Delete only after the new snapshot is complete: if it fails, all earlier ones are kept. The new snapshot counts as one of those to keep.
for (const { ref, createdAt, protected: isProtected } of earlier.slice(keep - 1)) {
  console.log(`${ref.id} of ${createdAt}: ${isProtected ? 'kept, because it is protected' : 'to be deleted'}`)
  if (!isProtected) await unlessIntercepted(client.delete(ref.id))
}
console.log('snapshots:', (await listSnapshots()).map(({ ref }) => ref.id).join(' '))
close()
