import type { ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { ConfigFile } from './config-file.ts'
import { EMPTY, isMapping, mappingAt, normalized, readText, type Mapping } from './value.ts'

/** Profiles bundled with openstacksdk (`openstack/config/vendors`). imago omits them because they may be out of date. */
const BUNDLED = new Set([
  'auro',
  'betacloud',
  'binero',
  'bluebox',
  'catalyst',
  'citycloud',
  'conoha',
  'datacentred',
  'dreamcompute',
  'elastx',
  'entercloudsuite',
  'fuga',
  'ibmcloud',
  'internap',
  'limestonenetworks',
  'otc',
  'otc-swiss',
  'ovh',
  'ovh-us',
  'rackspace',
  'switchcloud',
  'switchengines',
  'ultimum',
  'unitedstack',
  'vexxhost',
  'zetta',
])

/** Settings that a profile adds to an entry. */
export interface Profile {
  readonly settings: Mapping
  /** The file that defines the profile; `null` if it is missing or not supported. */
  readonly file: ConfigFile | null
  readonly warnings: readonly ErrorDetails[]
}

const NOTHING: Profile = { settings: EMPTY, file: null, warnings: [] }

const isUrl = (name: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(name)

/** `profile`, or the older `cloud`. */
export const readProfileName = (entry: Mapping): string | null => {
  const name = readText(entry.get('profile') ?? entry.get('cloud'))
  return name === '' ? null : name
}

const hasAuthUrl = (entry: Mapping): boolean => entry.has('auth_url') || mappingAt(entry, 'auth').has('auth_url')

const fromFile = (name: string, found: Mapping, file: ConfigFile): E.Either<ErrorDetails, Profile> => {
  const settings = normalized(found)
  const note = readText(settings.get('message'))
  const message = note === null || note === '' ? '' : `: ${note}`
  if (settings.get('status') === 'shutdown')
    return E.left({ what: `the cloud of profile ${name} was shut down${message}`, hint: 'Remove the entry' })
  const warnings = settings.get('status') === 'deprecated' ? [{ what: `profile ${name} is deprecated${message}` }] : []
  return E.right({ settings, file, warnings })
}

/** Finds the profile of an entry in clouds-public.yaml. Remote and bundled profiles are not supported. */
export const findProfile = (entry: Mapping, file: ConfigFile | null): E.Either<ErrorDetails, Profile> => {
  const name = readProfileName(entry)
  if (name === null) return E.right(NOTHING)
  const found = file === null ? undefined : mappingAt(file.content, 'public-clouds').get(name)
  if (file !== null && isMapping(found)) return fromFile(name, found, file)

  const shown = isUrl(name) ? 'a URL' : name
  const what = isUrl(name)
    ? 'profiles from a URL are not supported'
    : BUNDLED.has(name)
      ? `profile not found: ${name}, which only openstacksdk includes`
      : `profile not found in clouds-public.yaml: ${name}`
  const hint = hasAuthUrl(entry)
    ? 'Add the settings of the profile that the entry needs, such as regions, to the entry'
    : `Add auth_url and regions to the entry, or describe ${shown === name ? name : 'the cloud'} under public-clouds in a clouds-public.yaml`
  // An entry with its own `auth_url` works without the profile.
  return hasAuthUrl(entry) ? E.right({ ...NOTHING, warnings: [{ what, hint }] }) : E.left({ what, hint })
}
