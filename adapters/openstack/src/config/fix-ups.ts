import { isMapping, mappingAt, readText, type Mapping, type Value } from './value.ts'

// Converts deprecated spellings as openstacksdk does (`loader.py`, `magic_fixes`), in the same order. Keys already use underscores.

/** imago has one timeout per cloud: a service's timeout (`compute_timeout`) becomes the cloud's. */
const withOneTimeout = (settings: Mapping): Mapping => {
  const fixed = new Map<string, Value>()
  let ofService: Value = null
  for (const [key, value] of settings) {
    if (key.endsWith('timeout') && key !== 'timeout' && key !== 'api_timeout') ofService = value
    else fixed.set(key, value)
  }
  return ofService === null ? fixed : fixed.set('api_timeout', ofService)
}

/** Keystone v3 keys and their older names; the last one takes precedence. */
const ALIASES: readonly (readonly [key: string, aliases: readonly string[]])[] = [
  ['domain_id', ['domain_id']],
  ['domain_name', ['domain_name']],
  ['user_domain_id', ['user_domain_id']],
  ['user_domain_name', ['user_domain_name']],
  ['project_domain_id', ['project_domain_id']],
  ['project_domain_name', ['project_domain_name']],
  ['token', ['auth_token', 'token']],
  ['passcode', ['passcode']],
  ['project_id', ['tenant_id', 'project_id']],
  ['project_name', ['tenant_name', 'project_name']],
]

/** Moves auth keys into `auth`, overriding values there (`_fix_backwards_auth`; before openstacksdk 4, the value in `auth` took precedence). */
const withAuthInAuth = (settings: Mapping): Mapping => {
  const outside = new Map(settings)
  const auth = new Map(mappingAt(settings, 'auth'))
  for (const [key, aliases] of ALIASES) {
    let found: Value = null
    for (const alias of aliases) {
      found = outside.get(alias) ?? auth.get(alias) ?? found
      outside.delete(alias)
      auth.delete(alias)
    }
    if (found !== null && found !== '') auth.set(key, found)
  }
  return outside.set('auth', auth)
}

/** Renames `image_endpoint_type` to `image_interface`. */
const withInterfaces = (settings: Mapping): Mapping =>
  new Map(
    [...settings].map(([key, value]) => [
      key.endsWith('endpoint_type') ? key.replace('endpoint_type', 'interface') : key,
      value,
    ]),
  )

const DOMAINS = [
  ['domain_id', 'user_domain_id', 'project_domain_id'],
  ['domain_name', 'user_domain_name', 'project_domain_name'],
] as const

/** With a project, a single domain applies to both user and project; without one, it is the scope (`_handle_domain_id`). */
const withDomains = (settings: Mapping): Mapping => {
  const auth = new Map(mappingAt(settings, 'auth'))
  if (!auth.has('project_id') && !auth.has('project_name')) return settings
  for (const [domain, ofUser, ofProject] of DOMAINS) {
    const value = auth.get(domain)
    auth.delete(domain)
    if (value === undefined) continue
    for (const key of [ofUser, ofProject]) if (!auth.has(key)) auth.set(key, value)
  }
  return new Map(settings).set('auth', auth)
}

/** `auth_type`, or the older `auth_plugin`; `null` if neither is set. In openstacksdk, the default of `auth_type` always hides `auth_plugin`. */
const withAuthType = (settings: Mapping): Mapping => {
  const fixed = new Map(settings)
  const type = settings.has('auth_type') ? settings.get('auth_type') : settings.get('auth_plugin')
  fixed.delete('auth_plugin')
  if (type !== undefined) fixed.set('auth_type', type)
  return fixed
}

/** Whether `auth` is a mapping or absent. */
export const hasAuthMapping = (settings: Mapping): boolean => {
  const auth = settings.get('auth')
  return auth === undefined || auth === null || isMapping(auth)
}

/** The settings of a cloud in the current spelling. */
export const modernizeSettings = (settings: Mapping): Mapping =>
  withDomains(withInterfaces(withAuthInAuth(withAuthType(withOneTimeout(settings)))))

/** Reads a list or comma-separated text. */
export const toList = (value: Value | undefined): readonly string[] =>
  (Array.isArray(value)
    ? (value as readonly Value[]).map((one) => readText(one) ?? '')
    : (readText(value) ?? '').split(',')
  )
    .map((one) => one.trim())
    .filter((one) => one !== '')
