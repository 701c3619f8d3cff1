import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runClient, type ClientOptions } from './run-client.ts'

type Environment = Readonly<Record<string, string | undefined>>

const lab = fileURLToPath(new URL('..', import.meta.url))
const sources = join(lab, 'clients', 'go')
const cache = join(lab, '..', 'node_modules', '.cache', 'imago', 'go')

/** Parses `go 1.25.0` of go.mod to 1.25, and `go version go1.26.8 linux/amd64` to 1.26. */
const numbersIn = (text: string): readonly [number, number] | null => {
  const [, major, minor] = /\bgo ?(\d{1,4})\.(\d{1,4})/.exec(text) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}

/** Returns why the Go clients cannot run on this machine, as the reason of a skipped test; null if they can. */
export const missingGo = (
  environment: Environment,
  manifest = readFileSync(join(sources, 'go.mod'), 'utf8'),
): string | null => {
  const found = spawnSync('go', ['version'], { env: { ...environment, GOTOOLCHAIN: 'local' }, encoding: 'utf8' })
  if (found.error !== undefined || found.status !== 0) return 'Go is not installed'
  const [major, minor] = numbersIn(/^go .*$/m.exec(manifest)?.[0] ?? '') ?? [1, 0]
  const [ownMajor, ownMinor] = numbersIn(found.stdout) ?? [0, 0]
  const isNew = ownMajor > major || (ownMajor === major && ownMinor >= minor)
  return isNew
    ? null
    : `the clients need Go ${major}.${minor}, this is ${found.stdout.trim().replace(/^go version /, '')}`
}

/** Writes only to the cache, downloads no newer Go, and verifies modules with go.sum. */
const goEnvironment = (environment: Environment): Environment => ({
  ...environment,
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOPATH: join(cache, 'path'),
  GOCACHE: join(cache, 'build'),
  GOFLAGS: '-mod=readonly -modcacherw -trimpath -buildvcs=false',
  CGO_ENABLED: '0',
})

/** The directory name of a program in `lab/clients/go`. */
export type GoClient = 'bench' | 'gophercloud' | 'hcloud'

/** Builds the program if its sources have changed, and returns its path. The first build downloads the modules. */
export const buildGoClient = (name: GoClient, environment: Environment): Promise<string> => {
  const program = join(cache, 'bin', name)
  mkdirSync(dirname(program), { recursive: true })
  return new Promise((resolve, reject) => {
    execFile(
      'go',
      ['build', '-o', program, `./${name}`],
      { cwd: sources, env: goEnvironment(environment) },
      (error, _, stderr) => {
        if (error === null) resolve(program)
        else
          reject(
            new Error(
              `the Go client ${name} cannot be built; check the network and GOPROXY\n${stderr.trim().split('\n').slice(-10).join('\n')}`,
              { cause: error },
            ),
          )
      },
    )
  })
}

/** A failure as the library returns it. `type` is the library's, `code` the provider's. */
export interface GoError {
  readonly type: string
  readonly status?: number
  readonly code?: string
  readonly message: string
  readonly details?: unknown
}

export interface GoResult {
  /** Contains the library's own field names. */
  readonly result?: unknown
  readonly error?: GoError
}

/** Calls the library once, in a separate process. Options have the library's own field names. */
export const callGoClient = async (
  program: string,
  call: string,
  options: unknown,
  environment: ClientOptions['environment'] = {},
): Promise<GoResult> => {
  const { exitCode, stdout, stderr } = await runClient(program, [call, JSON.stringify(options)], { environment })
  if (exitCode !== 0) throw new Error(`${call} ended with ${exitCode}: ${stderr}`)
  return JSON.parse(stdout) as GoResult
}
