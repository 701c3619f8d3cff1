import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientPath, runningLabs } from '@imago/lab'
import type { HetznerSimulator } from '../../src/index.ts'

export interface Ran {
  readonly status: number
  readonly out: string
  readonly error: string
}

const [lab] = runningLabs(process.env)

/** The release of the Python clients. */
export const { release } = lab

/** A home directory without configuration. */
const home = mkdtempSync(join(tmpdir(), 'imago-clients-'))

const run = (command: string, parameters: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> =>
  new Promise((resolve, reject) => {
    execFile(
      command,
      [...parameters],
      { env: { PATH: clientPath(lab), HOME: home, ...env }, timeout: 110_000, maxBuffer: 64 << 20 },
      (error, out, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve({ status: Number(error?.code ?? 0), out, error: stderr })
      },
    )
  })

/** Runs Debian's hcloud against the simulator. */
export const hcloud = (
  simulator: HetznerSimulator,
  parameters: readonly string[],
  token = simulator.token,
): Promise<Ran> =>
  run('/usr/bin/hcloud', ['--poll-interval', '50ms', ...parameters], {
    HCLOUD_TOKEN: token,
    HCLOUD_ENDPOINT: simulator.url,
  })

const PRELUDE = `
import json, os
from hcloud import Client, APIException
client = Client(token=os.environ['TOKEN'], api_endpoint=os.environ['ENDPOINT'])
def show(value): print(json.dumps(value))
`

/** Runs a script with the hcloud package of the lab's release; returns the JSON of its last \`show\`. */
export const pythonHcloud = async (
  simulator: HetznerSimulator,
  script: string,
  token = simulator.token,
): Promise<unknown> => {
  const { status, out, error } = await run(join(lab.programs, 'python3'), ['-c', PRELUDE + script], {
    TOKEN: token,
    ENDPOINT: simulator.url,
  })
  if (status !== 0) throw new Error(error)
  return JSON.parse(out.trim().split('\n').at(-1) ?? '')
}
