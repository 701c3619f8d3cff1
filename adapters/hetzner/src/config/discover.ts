import { trimTrailing, type ErrorDetails } from '@imago/core/provider'
import {
  createDiscovery,
  findUrlProblem,
  readVariable,
  Secret,
  type DiscoveredClouds,
  type Environment,
  type ConfigOrigin,
  type ProblemReporter,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { findCliFile, type CliFile } from './cli-file.ts'
import { CliContext } from './cli-toml.ts'
import type { HetznerCloud, HetznerSettings, RescueSettings } from './cloud.ts'
import { HETZNER_ENDPOINT } from '../options.ts'
import { rescueSettings } from './rescue-settings.ts'

/** The name of the environment's cloud, as in openstacksdk. */
const ENVIRONMENT = 'envvars'

/** The characters that a header can have. hcloud-go refuses other tokens, too. */
const TOKEN = /^[\u0021-\u007e]+$/

interface Endpoint {
  readonly text: string
  readonly origin: readonly ConfigOrigin[]
  /** Its name, for messages. */
  readonly what: string
}

/** Environment before context before global preferences before the default (`docs/reference/manual/hcloud_config.md`). */
const firstEndpoint = (...endpoints: readonly (Endpoint | null)[]): Endpoint =>
  endpoints.find((one) => one !== null) ?? { text: HETZNER_ENDPOINT, origin: [], what: 'the endpoint' }

const preferred = (
  preferences: Readonly<Record<string, unknown>> | undefined,
  file: CliFile | null,
): Endpoint | null => {
  const text = preferences?.['endpoint']
  return file !== null && typeof text === 'string' && text !== ''
    ? { text, origin: [{ file: file.path }], what: 'the preference endpoint' }
    : null
}

const isSame = (one: ConfigOrigin, other: ConfigOrigin): boolean =>
  'file' in one && 'file' in other && one.file === other.file

const toCloud = (
  name: string,
  token: string,
  from: ConfigOrigin,
  endpoint: Endpoint,
  isDefault: boolean,
  rescue: RescueSettings,
): E.Either<ErrorDetails, HetznerCloud> => {
  if (!TOKEN.test(token))
    return E.left({
      what: 'the token contains characters that tokens cannot have, such as a space or a line break',
      hint: 'Copy the token again',
    })
  const fault = findUrlProblem(endpoint.what, endpoint.text)
  if (fault !== null) return E.left(fault)
  const origin = [from, ...endpoint.origin.filter((one) => !isSame(one, from))]
  const settings: HetznerSettings = { endpoint: trimTrailing(endpoint.text, '/'), token: new Secret(token), rescue }
  return E.right({ provider: 'hetzner', name, region: null, isDefault, origin, tls: null, timeoutMs: null, settings })
}

const TOKEN_COMMAND: ErrorDetails = {
  what: 'the token comes from a token_command, which imago does not run',
  hint: 'Run the command, and set HCLOUD_TOKEN to its output',
}

const NO_TOKEN: ErrorDetails = { what: 'the context has no token', hint: 'Run hcloud context create again' }

/** The contexts with a unique name. */
const selectContexts = (file: CliFile | null, discovery: ProblemReporter): readonly CliContext[] => {
  const contexts = new Map<string, CliContext>()
  for (const [index, one] of (file?.toml.contexts ?? []).entries()) {
    const context = CliContext.decode(one)
    if (E.isLeft(context) || context.right.name === '') {
      discovery.problem(null, {
        what: `context ${index + 1} of ${file?.shown ?? ''} is not in the format of hcloud`,
        hint: 'Add a name and a token to it, both as text',
      })
    } else if (contexts.has(context.right.name)) {
      discovery.problem(context.right.name, {
        what: 'several contexts have this name; hcloud uses the first',
        hint: 'Rename one of them',
      })
    } else contexts.set(context.right.name, context.right)
  }
  return [...contexts.values()]
}

const warnOfUnusedVariables = (environment: Environment, discovery: ProblemReporter): void => {
  if (readVariable(environment, 'HCLOUD_TOKEN_FILE') !== null) {
    discovery.warning(null, {
      what: 'HCLOUD_TOKEN_FILE is set, which neither hcloud nor imago reads',
      hint: 'Set HCLOUD_TOKEN to the content of the file',
    })
  }
  if (
    readVariable(environment, 'HCLOUD_TOKEN_COMMAND') !== null &&
    readVariable(environment, 'HCLOUD_TOKEN') === null
  ) {
    discovery.warning(null, {
      what: 'HCLOUD_TOKEN_COMMAND is set, which imago does not run',
      hint: 'Run the command, and set HCLOUD_TOKEN to its output',
    })
  }
}

/** The contexts of hcloud's file, and the project of HCLOUD_TOKEN. */
export const discover = (environment: Environment): DiscoveredClouds<HetznerSettings> => {
  const discovery = createDiscovery<HetznerSettings>('hetzner')
  const file = findCliFile(environment, discovery)
  const contexts = selectContexts(file, discovery)
  const token = readVariable(environment, 'HCLOUD_TOKEN')
  const readEndpoint = readVariable(environment, 'HCLOUD_ENDPOINT')
  const ofEnvironment: Endpoint | null =
    readEndpoint === null
      ? null
      : { text: readEndpoint, origin: [{ variable: 'HCLOUD_ENDPOINT' }], what: 'HCLOUD_ENDPOINT' }
  const ofAll = preferred(file?.toml.preferences, file)
  const chosen = readVariable(environment, 'HCLOUD_CONTEXT')
  const activeName = chosen ?? (file?.toml.active_context || null)
  const active = contexts.find(({ name }) => name === activeName)

  const rescue = rescueSettings(environment, discovery)

  const add = (name: string, secret: string, from: ConfigOrigin, endpoint: Endpoint, isDefault: boolean): void => {
    const cloud = toCloud(name, secret, from, endpoint, isDefault, rescue)
    if (E.isLeft(cloud)) discovery.problem(name, cloud.left)
    else discovery.add(cloud.right)
  }

  for (const context of contexts) {
    const { name, token: secret = '', token_command: command = '', preferences } = context
    // With HCLOUD_TOKEN, HCLOUD_ENDPOINT applies to that token only, so that a test server does not receive the tokens of the contexts.
    const endpoint = firstEndpoint(token === null ? ofEnvironment : null, preferred(preferences, file), ofAll)
    if (secret === '') discovery.problem(name, command === '' ? NO_TOKEN : TOKEN_COMMAND)
    else add(name, secret, { file: file?.path ?? '' }, endpoint, token === null && context === active)
  }
  if (activeName !== null && active === undefined) {
    const known = contexts.map(({ name }) => name)
    const where = chosen === null ? 'active_context' : 'HCLOUD_CONTEXT'
    discovery.warning(null, {
      what: `context not found: ${activeName}, named by ${where}`,
      hint: known.length === 0 ? 'Run hcloud context create' : `Use one of: ${known.join(', ')}`,
    })
  }
  if (token !== null) {
    if (contexts.some(({ name }) => name === ENVIRONMENT))
      discovery.problem(ENVIRONMENT, {
        what: 'the cloud of HCLOUD_TOKEN has the name of a context',
        hint: 'Rename the context, or unset HCLOUD_TOKEN',
      })
    else
      add(
        ENVIRONMENT,
        token,
        { variable: 'HCLOUD_TOKEN' },
        firstEndpoint(ofEnvironment, preferred(active?.preferences, file), ofAll),
        true,
      )
  }
  warnOfUnusedVariables(environment, discovery)
  return discovery.discovered()
}
