import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runClient, type ClientOptions } from './run-client.ts'

type Environment = Readonly<Record<string, string | undefined>>

const lab = fileURLToPath(new URL('..', import.meta.url))
const sources = join(lab, 'clients', 'go')
const cache = join(lab, '..', 'node_modules', '.cache', 'imago', 'go')

/** `go 1.25.0` in go.mod, or `go version go1.26.8 linux/amd64`: 1.25, 1.26. */
const numbersIn = (text: string): readonly [number, number] | null => {
  const [, major, minor] = /\bgo ?(\d{1,4})\.(\d{1,4})/.exec(text) ?? []
  return major === undefined ? null : [Number(major), Number(minor)]
}

/** Why the Go clients cannot take part on this machine, for a test to be skipped with; null where they can. */
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

/** Nothing outside the cache; no newer Go is fetched, and go.sum says what the modules are. */
const goEnvironment = (environment: Environment): Environment => ({
  ...environment,
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOPATH: join(cache, 'path'),
  GOCACHE: join(cache, 'build'),
  GOFLAGS: '-mod=readonly -modcacherw -trimpath -buildvcs=false',
  CGO_ENABLED: '0',
})

/** A program of `lab/clients/go`, by the name of its directory. */
export type GoClient = 'gophercloud' | 'hcloud'

/** Builds the program where its sources have changed since, and returns its path. The first time it downloads the modules. */
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

/** What the library made of a failure. `type` is its own, `code` the provider's. */
export interface GoError {
  readonly type: string
  readonly status?: number
  readonly code?: string
  readonly message: string
  readonly details?: unknown
}

export interface GoAnswer {
  /** In the library's own field names. */
  readonly result?: unknown
  readonly error?: GoError
}

/** One call of the library, in a process of its own. Options are in the library's own field names. */
export const callGoClient = async (
  program: string,
  call: string,
  options: unknown,
  environment: ClientOptions['environment'] = {},
): Promise<GoAnswer> => {
  const { exitCode, stdout, stderr } = await runClient(program, [call, JSON.stringify(options)], { environment })
  if (exitCode !== 0) throw new Error(`${call} ended with ${exitCode}: ${stderr}`)
  return JSON.parse(stdout) as GoAnswer
}
