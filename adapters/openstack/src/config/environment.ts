import type { Environment, ConfigOrigin } from '@imago/provider-kit'
import { type Mapping, type Value } from './value.ts'

/** These variables alone define no cloud (`loader.py`, `_get_os_environ`), and are not settings of one. */
const SELECTORS = new Set(['OS_CLOUD', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLOUD_NAME'])

/** Variables of OpenStack's own test suites. */
const TEST_SUITES = /^OS_(?:TEST|STD|LOG)/

/** A cloud is defined only if one of these is set. Others, such as OS_IMAGE_API_VERSION, or OS_NAME of another program, are not sufficient. */
const DEFINING =
  /^(?:auth_url|endpoint|username|user_name|user_id|passcode|application_credential_(?:id|name)|.*(?:password|secret|token))$/

/** Settings from `OS_*` variables: `OS_AUTH_URL` becomes `auth_url`. */
export interface EnvironmentCloud {
  readonly settings: Mapping
  readonly origin: readonly ConfigOrigin[]
}

/** Variables that select a region, a scope or an interface. */
const SELECTING =
  /^OS_(?:REGION_NAME|(?:PROJECT|TENANT)_(?:NAME|ID)|(?:PROJECT_|USER_|DEFAULT_)?DOMAIN_(?:NAME|ID)|SYSTEM_SCOPE|TRUST_ID|INTERFACE|ENDPOINT_TYPE|CACERT|INSECURE)$/

/** Lists the selecting variables that are set, sorted. Alone they define no cloud. */
export const listSelectingVariables = ({ variables }: Environment): readonly string[] =>
  Object.keys(variables)
    .filter((name) => SELECTING.test(name) && variables[name] !== undefined && variables[name] !== '')
    .sort()

/** The cloud that the environment defines, or `null`. */
export const environmentCloud = ({ variables }: Environment): EnvironmentCloud | null => {
  const names = Object.keys(variables)
    .filter(
      (name) =>
        name.startsWith('OS_') &&
        !TEST_SUITES.test(name) &&
        !SELECTORS.has(name) &&
        variables[name] !== undefined &&
        variables[name] !== '',
    )
    .sort()
  const settings = new Map<string, Value>(
    names.map((name) => [name.slice('OS_'.length).toLowerCase(), variables[name] ?? '']),
  )
  return [...settings.keys()].some((key) => DEFINING.test(key))
    ? { settings, origin: names.map((variable) => ({ variable })) }
    : null
}
