// Removes what the build made. Whole folders: the build info would not notice a single missing file.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const folder of ['packages', 'adapters', 'schemas']) {
  for (const name of readdirSync(join(root, folder))) {
    const dist = join(root, folder, name, 'dist')
    if (existsSync(dist)) rmSync(dist, { recursive: true })
  }
}
