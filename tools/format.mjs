// Formats the code with oxfmt (.oxfmtrc.json). --check: list unformatted files and exit with 1.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const oxfmt = (...args) =>
  spawnSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), ...args], { cwd: root, stdio: 'inherit' })
    .status === 0

const format = () => {
  // oxfmt 0.79 needs two passes for some long call chains.
  for (let pass = 1; pass <= 3; pass++) if (oxfmt() && oxfmt('--check')) return true
  return false
}

process.exit((process.argv.includes('--check') ? oxfmt('--check') : format()) ? 0 : 1)
