// @ts-check
// The images of one's own in every configured cloud, one JSON document a line: for jq, a database, or last night's list to compare with.
import { formatError, toClient } from 'imago'
import { connect } from 'imago/live'

const { clouds, problems, close } = await connect()
for (const problem of problems) console.error(formatError(problem))

for (const { name, source } of clouds) {
  let count = 0
  try {
    // Page by page: the next one is fetched while this one is printed.
    for await (const { ref, name: title, description, kind, os, size, createdAt } of toClient(source).list({
      visibility: 'private',
    })) {
      console.log(
        JSON.stringify({
          cloud: name,
          id: ref.id,
          name: title ?? description,
          kind,
          os: os.distro,
          bytes: size.stored,
          createdAt,
        }),
      )
      count++
    }
  } catch (thrown) {
    // One cloud that fails costs the others nothing.
    console.error(thrown instanceof Error ? thrown.message : thrown)
    process.exitCode = 1
  }
  console.error(`${name}: ${count}`)
}
close()
