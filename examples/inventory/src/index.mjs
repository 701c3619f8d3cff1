// @ts-check
// Prints your own images in all configured clouds, one JSON document a line: for jq, for a database, or to compare with an earlier list.
import { formatError, toClient } from 'imago'
import { connect } from 'imago/live'

const { clouds, problems, close } = await connect()
for (const problem of problems) console.error(formatError(problem))

for (const { name, source } of clouds) {
  let count = 0
  try {
    // The next page is requested while this one is printed.
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
    // If one cloud fails, continue with the others.
    console.error(thrown instanceof Error ? thrown.message : thrown)
    process.exitCode = 1
  }
  console.error(`${name}: ${count}`)
}
close()
