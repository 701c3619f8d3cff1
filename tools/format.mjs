// Formats the code with oxfmt (.oxfmtrc.json). With --check: says which files are not formatted, and exits with 1.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const oxfmt = (...args) =>
  spawnSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), ...args], { cwd: root, stdio: 'inherit' })
    .status === 0

const format = () => {
  // Of some long chains of calls, oxfmt 0.79 finds the final form only in what it has formatted once.
  for (let pass = 1; pass <= 3; pass++) if (oxfmt() && oxfmt('--check')) return true
  return false
}

process.exit((process.argv.includes('--check') ? oxfmt('--check') : format()) ? 0 : 1)
