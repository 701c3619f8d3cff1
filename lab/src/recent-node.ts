import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CI = fileURLToPath(new URL('../../.ci/run', import.meta.url))

/** The version of Node on which CI runs the tests again. */
const readLtsVersion = (): string => {
  const [, version] = /^LTS_NODE=([\d.]+)$/m.exec(readFileSync(CI, 'utf8')) ?? []
  if (version === undefined) throw new Error(`${CI} has no LTS_NODE`)
  return version
}

/** The path of a Node of the current LTS version, which npm installs; of this process, if its version is as new. */
export const findLtsNode = (): string => {
  const version = readLtsVersion()
  if (Number.parseInt(process.versions.node, 10) >= Number.parseInt(version, 10)) return process.execPath
  return execFileSync(
    'npm',
    ['exec', '--yes', `--package=node@${version}`, '--', 'node', '--print', 'process.execPath'],
    {
      encoding: 'utf8',
    },
  ).trim()
}
