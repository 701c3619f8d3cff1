// Deletes the build output, in whole folders: the build info would not notice a single missing file.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
)
for (const folder of [...folders, 'lab']) {
  const dist = join(root, folder, 'dist')
  if (existsSync(dist)) rmSync(dist, { recursive: true })
}
rmSync(join(root, 'packages/cli/bundle'), { recursive: true, force: true })
