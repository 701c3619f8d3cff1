import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const PACKAGE = join(__dirname, '../..')

export const BIN = join(PACKAGE, 'bin/imago.js')

/** Fails if the command is not built. */
export const assertBuilt = (): void => {
  for (const file of ['dist/main.js', 'bundle/main.js'])
    if (!existsSync(join(PACKAGE, file)))
      throw new Error(`packages/cli/${file} is not there: run npm run build first (npm test does)`)
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program and waits for its end. */
export const execute = (
  program: string,
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, NODE_OPTIONS: '', ...env } })
    const stdout: Uint8Array[] = []
    const stderr: Uint8Array[] = []
    child.stdout.on('data', (chunk: Uint8Array) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })

/** Runs `imago`. `node`: the path of another Node than that of this process. */
export const imago = (
  args: readonly string[],
  options?: Parameters<typeof execute>[2],
  node: string = process.execPath,
): Promise<Ran> => execute(node, [BIN, ...args], options)
