import { nullable } from '@imago/codec'
import { trimTrailing } from '@imago/core/provider'
import {
  absolutePath,
  createDiscovery,
  displayPath,
  findUrlProblem,
  getPathModule,
  readVariable,
  Secret,
  type DiscoveredClouds,
  type Environment,
  type ConfigOrigin,
  type ProblemReporter,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parse } from 'yaml'
import { ENDPOINT, type DigitalOceanSettings } from './cloud.ts'

// As doctl finds them: doctl/commands/doit.go (file, variables), command_config.go (which token a context has).

/** doctl's name for the context whose token is `access-token`. */
const DEFAULT = 'default'
/** The cloud of the environment. */
const ENVIRONMENT = 'envvars'
/** The variable of doctl and the official clients, then that of Terraform and pydo. */
const TOKENS = ['DIGITALOCEAN_ACCESS_TOKEN', 'DIGITALOCEAN_TOKEN'] as const
/** What `http` accepts as a header. */
const TOKEN = /^[\u0021-\u007e]+$/

const File = t.partial(
  {
    'access-token': nullable(t.string),
    context: nullable(t.string),
    'api-url': nullable(t.string),
    'auth-contexts': nullable(t.record(t.string, t.unknown)),
  },
  'doctl config',
)
type File = t.TypeOf<typeof File>

interface Found {
  readonly file: File
  /** `null`: there is no file. */
  readonly origin: ConfigOrigin | null
}

/** Go's `os.UserConfigDir`. */
const userConfigFolder = (environment: Environment): string => {
  const paths = getPathModule(environment)
  switch (environment.platform) {
    case 'win32':
      return (
        readVariable(environment, 'AppData') ??
        readVariable(environment, 'APPDATA') ??
        paths.join(environment.home, 'AppData', 'Roaming')
      )
    case 'darwin':
      return paths.join(environment.home, 'Library', 'Application Support')
    default:
      return readVariable(environment, 'XDG_CONFIG_HOME') ?? paths.join(environment.home, '.config')
  }
}

const findFile = (environment: Environment, discovery: ProblemReporter): Found => {
  const named = readVariable(environment, 'DIGITALOCEAN_CONFIG')
  const path = absolutePath(
    environment,
    named ?? getPathModule(environment).join(userConfigFolder(environment), 'doctl', 'config.yaml'),
  )
  const shown = displayPath(environment, path)
  const reading = environment.readFile(path)
  const none: Found = { file: {}, origin: null }
  if (reading._tag === 'missing') {
    if (named !== null)
      discovery.problem(null, {
        what: `file not found: ${shown}, named by DIGITALOCEAN_CONFIG`,
        hint: 'Correct the variable, or unset it',
      })
    return none
  }
  if (reading._tag === 'unreadable') {
    discovery.unreadable({ what: `cannot read ${shown}: ${reading.reason}`, hint: 'Make the file readable to you' })
    return none
  }
  // The parser's own message quotes the line, which may hold a token.
  const document = E.tryCatch(
    (): unknown => parse(reading.text, { logLevel: 'silent', maxAliasCount: 100 }) ?? {},
    () => null,
  )
  const file = E.isLeft(document) ? document : File.decode(document.right)
  if (E.isLeft(file)) {
    discovery.unreadable({
      what: `cannot read ${shown}: not in the format of doctl`,
      hint: 'Correct the file, or run doctl auth init',
    })
    return none
  }
  if (reading.isOpenToOthers)
    discovery.warning(null, {
      what: `${shown} contains tokens, and other users can read it`,
      hint: `Run chmod 600 ${shown}`,
    })
  return { file: file.right, origin: { file: path } }
}

/** The contexts of doctl's file, and the account of the variables. */
export const discover = (environment: Environment): DiscoveredClouds<DigitalOceanSettings> => {
  const discovery = createDiscovery<DigitalOceanSettings>('digitalocean')
  const { file, origin } = findFile(environment, discovery)
  const variable = TOKENS.find((name) => readVariable(environment, name) !== null)
  const ofVariables = readVariable(environment, 'DIGITALOCEAN_API_URL')
  // viper reads keys in lower case, and doctl looks names up so.
  const active = (readVariable(environment, 'DIGITALOCEAN_CONTEXT') ?? (file.context || DEFAULT)).toLowerCase()

  const add = (name: string, token: string, from: ConfigOrigin, isDefault: boolean): void => {
    const isEnvironment = name === ENVIRONMENT
    // Beside a token in a variable, the address in a variable belongs to that token: a test server must not get the tokens of all contexts.
    const fromVariable = isEnvironment || variable === undefined ? ofVariables : null
    const url = fromVariable ?? (file['api-url'] || ENDPOINT)
    const fault = findUrlProblem(fromVariable === null ? 'api-url' : 'DIGITALOCEAN_API_URL', url)
    if (!TOKEN.test(token)) {
      discovery.problem(name, {
        what: 'the token contains characters that tokens cannot have, such as a space or a line break',
        hint: 'Copy the token again',
      })
      return
    }
    if (fault !== null) {
      discovery.problem(name, fault)
      return
    }
    const address: readonly ConfigOrigin[] = fromVariable === null ? [] : [{ variable: 'DIGITALOCEAN_API_URL' }]
    discovery.add({
      provider: 'digitalocean',
      name,
      region: null,
      isDefault,
      origin: [from, ...address],
      tls: null,
      timeoutMs: null,
      settings: { endpoint: trimTrailing(url, '/'), token: new Secret(token) },
    })
  }

  if (origin !== null) {
    const token = file['access-token'] ?? ''
    if (token !== '') add(DEFAULT, token, origin, active === DEFAULT && variable === undefined)
    const seen = new Set<string>()
    for (const [key, value] of Object.entries(file['auth-contexts'] ?? {})) {
      const name = key.toLowerCase()
      // doctl writes `default: "true"` here, which is no token (digitalocean/doctl#996).
      if (name === DEFAULT) continue
      if (seen.has(name))
        discovery.problem(name, {
          what: 'several contexts have this name, because doctl ignores case',
          hint: 'Rename one of them',
        })
      else if (name === ENVIRONMENT && variable !== undefined)
        discovery.problem(name, {
          what: `the cloud of ${variable} has the name of a context`,
          hint: 'Rename the context, or unset the variable',
        })
      else if (typeof value === 'string' && value !== '') add(name, value, origin, active === name)
      else
        discovery.problem(name, {
          what: 'the context has no token',
          hint: `Run doctl auth init --context ${name}`,
        })
      seen.add(name)
    }
    if (active !== DEFAULT && !seen.has(active))
      discovery.warning(null, {
        what: `context not found: ${active}, the active context`,
        hint: 'Run doctl auth switch',
      })
  }
  if (variable !== undefined)
    add(ENVIRONMENT, readVariable(environment, variable) ?? '', { variable }, active === DEFAULT)
  return discovery.discovered()
}
