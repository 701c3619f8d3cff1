import type { Environment, ConfigOrigin } from '@imago/provider-kit'
import { type Mapping, type Value } from './value.ts'

/** Alone, these make no cloud (`loader.py`, `_get_os_environ`); and what they select is no setting of one. */
const SELECTORS = new Set(['OS_CLOUD', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLOUD_NAME'])

/** Variables of OpenStack's own test suites. */
const FOREIGN = /^OS_(?:TEST|STD|LOG)/

/** With one of these a cloud is meant; without, as with OS_IMAGE_API_VERSION alone, or the OS_NAME of some other program, none is. */
const TELLING =
  /^(?:auth_url|endpoint|username|user_name|user_id|passcode|application_credential_(?:id|name)|.*(?:password|secret|token))$/

/** The settings that `OS_*` variables hold: `OS_AUTH_URL` is `auth_url`. */
export interface EnvironmentCloud {
  readonly settings: Mapping
  readonly origin: readonly ConfigOrigin[]
}

/** Of a cloud's settings, those that choose where in it and as whom one works. */
const CHOOSING =
  /^OS_(?:REGION_NAME|(?:PROJECT|TENANT)_(?:NAME|ID)|(?:PROJECT_|USER_|DEFAULT_)?DOMAIN_(?:NAME|ID)|SYSTEM_SCOPE|TRUST_ID|INTERFACE|ENDPOINT_TYPE|CACERT|INSECURE)$/

/** Variables that would choose a region, a project or the like, in their order. Alone they describe no cloud. */
export const choosingVariables = ({ variables }: Environment): readonly string[] =>
  Object.keys(variables)
    .filter((name) => CHOOSING.test(name) && variables[name] !== undefined && variables[name] !== '')
    .sort()

/** The cloud that the environment describes, or `null`. */
export const environmentCloud = ({ variables }: Environment): EnvironmentCloud | null => {
  const names = Object.keys(variables)
    .filter(
      (name) =>
        name.startsWith('OS_') &&
        !FOREIGN.test(name) &&
        !SELECTORS.has(name) &&
        variables[name] !== undefined &&
        variables[name] !== '',
    )
    .sort()
  const settings = new Map<string, Value>(
    names.map((name) => [name.slice('OS_'.length).toLowerCase(), variables[name] ?? '']),
  )
  return [...settings.keys()].some((key) => TELLING.test(key))
    ? { settings, origin: names.map((variable) => ({ variable })) }
    : null
}
