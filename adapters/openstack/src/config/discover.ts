import type { ErrorDetails } from '@imago/core/provider'
import {
  createDiscovery,
  readVariable,
  type DiscoveredClouds,
  type DiscoverOptions,
  type Discovery,
  type Environment,
  type ConfigOrigin,
  type ProblemReporter,
  type TlsSettings,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { readAuth } from './auth.ts'
import type { OpenstackSettings } from './cloud.ts'
import { findConfigFile, type ConfigFile } from './config-file.ts'
import { listSelectingVariables, environmentCloud } from './environment.ts'
import { modernizeSettings, hasAuthMapping } from './fix-ups.ts'
import { mayCombine, notCombined, TRUST_DIRECTORY } from './guard.ts'
import { readConfiguredPrices } from './prices.ts'
import { readProfileName, findProfile } from './profile.ts'
import { readKnownRegions, type RegionEntry } from './region.ts'
import { readServices, readTimeout, readTls } from './service.ts'
import { createSettings, type SettingFault } from './settings.ts'
import { EMPTY, holdsSecret, isMapping, layered, mergedDeeply, normalized, type Mapping, type Value } from './value.ts'

const ENVIRONMENT = 'envvars'

/** An entry of clouds.yaml merged with secure.yaml, before its profile is applied. */
interface Entry {
  readonly name: string
  readonly settings: Mapping
  readonly files: readonly ConfigFile[]
  readonly variables: readonly ConfigOrigin[]
}

/** A region before validation. */
interface Region {
  readonly name: string | null
  readonly tls: TlsSettings
  readonly timeoutMs: number | null
  readonly settings: OpenstackSettings
}

interface Context {
  readonly environment: Environment
  readonly trustDirectory: boolean
  readonly discovery: Discovery<OpenstackSettings>
}

const readClouds = (file: ConfigFile | null, discovery: ProblemReporter): Mapping => {
  if (file === null || file.content.size === 0) return EMPTY
  const clouds = file.content.get('clouds')
  if (clouds === null || isMapping(clouds)) return clouds ?? EMPTY
  discovery.warning(null, {
    what: `${file.shown} has no mapping called clouds`,
    hint: 'Put the entries below the key clouds',
  })
  return EMPTY
}

/** Merges clouds.yaml with secure.yaml, which takes precedence. */
const mergeEntries = ({ environment, trustDirectory, discovery }: Context): readonly Entry[] => {
  const open = findConfigFile('clouds', environment, discovery)
  const secure = findConfigFile('secure', environment, discovery)
  const lower = readClouds(open, discovery)
  const upper = readClouds(secure, discovery)
  const entries: Entry[] = []
  for (const name of new Set([...lower.keys(), ...upper.keys()])) {
    const files = [lower.has(name) ? open : null, upper.has(name) ? secure : null].filter((file) => file !== null)
    const values: readonly (Value | undefined)[] = [lower.get(name), upper.get(name)].filter(
      (value) => value !== undefined,
    )
    const mappings = values.filter(isMapping)
    const [one, other] = files
    if (one !== undefined && other !== undefined && !mayCombine(one, other, trustDirectory))
      discovery.problem(name, notCombined(one, other))
    else if (mappings.length < values.length)
      discovery.problem(name, { what: 'the entry is not a mapping', hint: 'Write it as a mapping with auth' })
    else entries.push({ name, settings: normalized(mappings.reduce(mergedDeeply, EMPTY)), files, variables: [] })
  }
  return entries
}

const toCloud = (
  region: RegionEntry,
  base: Mapping,
  environment: Environment,
): E.Either<readonly SettingFault[], Region> => {
  // `None` does not override (`loader.py`, `get_one`).
  const own = new Map([...normalized(region.values)].filter(([, value]) => value !== null))
  const merged = new Map(layered(base, own)).set('region_name', region.name ?? '')
  if (!hasAuthMapping(merged))
    return E.left([
      { what: 'auth is not a mapping', hint: 'Write auth as a mapping with auth_url, username and password' },
    ])
  const settings = createSettings(modernizeSettings(merged), region.name)
  const auth = readAuth(settings)
  const found: Region = {
    name: region.name,
    tls: readTls(settings, environment),
    timeoutMs: readTimeout(settings),
    settings: { auth, services: readServices(settings, auth), prices: readConfiguredPrices(settings) },
  }
  return settings.faults.length > 0 ? E.left(settings.faults) : E.right(found)
}

/** Joins the faults in one sentence: first the missing settings in one list, then the others; with the hint of the first. */
const joinFaults = (faults: readonly SettingFault[]): ErrorDetails => {
  const missing = faults.filter(
    (fault, index) => fault.missing !== undefined && faults.findIndex((one) => one.missing === fault.missing) === index,
  )
  const others = faults.filter((fault) => fault.missing === undefined)
  const list: readonly ErrorDetails[] =
    missing.length > 1
      ? [
          {
            what: `missing ${missing.map((fault) => fault.missing).join(', ')}`,
            hint: 'Set them in clouds.yaml or secure.yaml, or as OS_* variables',
          },
        ]
      : missing
  const all = [...list, ...others]
  return { what: [...new Set(all.map(({ what }) => what))].join('; '), hint: all[0]?.hint }
}

const addCloud = (
  entry: Entry,
  publicFile: () => ConfigFile | null,
  defaultName: string | null,
  { environment, trustDirectory, discovery }: Context,
): void => {
  const { name, settings } = entry
  const problem = (wording: ErrorDetails): void => discovery.problem(name, wording)
  const profile = findProfile(settings, readProfileName(settings) === null ? null : publicFile())
  if (E.isLeft(profile)) return problem(profile.left)
  const { file } = profile.right
  const foreign =
    file === null
      ? undefined
      : entry.files.find(
          (one) =>
            !mayCombine(one, file, trustDirectory) && (file.isFromDirectory || holdsSecret(profile.right.settings)),
        )
  if (file !== null && foreign !== undefined) return problem(notCombined(foreign, file))
  if (file !== null && file.isFromDirectory && entry.variables.length > 0 && !trustDirectory) {
    return problem({
      what: `the profile in ${file.shown} of the working directory is not combined with OS_* variables: its author could steal your password`,
      hint: 'Unset the OS_* variables, or trust the directory',
      changes: TRUST_DIRECTORY,
    })
  }
  for (const wording of profile.right.warnings) discovery.warning(name, wording)

  const regions = readKnownRegions(settings, profile.right.settings)
  if (E.isLeft(regions)) return problem(regions.left)
  const base = layered(profile.right.settings, settings)
  const found: Region[] = []
  for (const region of regions.right) {
    const one = toCloud(region, base, environment)
    if (E.isRight(one)) found.push(one.right)
    else {
      const wording = joinFaults(one.left)
      problem(
        region.name === null || regions.right.length === 1
          ? wording
          : { ...wording, what: `in region ${region.name}, ${wording.what}` },
      )
    }
  }
  const files = [...entry.files, ...(file === null ? [] : [file])].map(({ path }) => ({ file: path }))
  const origin = [...files, ...entry.variables]
  for (const { name: region, tls, timeoutMs, settings } of found)
    discovery.add({
      provider: 'openstack',
      name,
      region,
      isDefault: name === defaultName,
      origin,
      tls,
      timeoutMs,
      settings,
    })
}

/** Order: OS_CLOUD, the cloud of the environment, the only cloud (`loader.py`, `OpenStackConfig.__init__`). */
const chooseDefault = (
  entries: readonly Entry[],
  environmentName: string | null,
  environment: Environment,
): string | null => {
  const chosen = readVariable(environment, 'OS_CLOUD') ?? environmentName
  return chosen ?? (entries.length === 1 ? (entries[0]?.name ?? null) : null)
}

/** Reads the clouds of clouds.yaml, secure.yaml and clouds-public.yaml, merged as openstacksdk does, and the cloud described by `OS_*` variables. */
export const discover = (
  environment: Environment,
  { trustDirectory }: DiscoverOptions,
): DiscoveredClouds<OpenstackSettings> => {
  const discovery = createDiscovery<OpenstackSettings>('openstack')
  const context = { environment, trustDirectory, discovery }
  const inFiles = mergeEntries(context)
  const described = environmentCloud(environment)
  const environmentName = readVariable(environment, 'OS_CLOUD_NAME') ?? ENVIRONMENT
  const entries = inFiles.filter(({ name }) => name !== environmentName)
  if (entries.length < inFiles.length)
    discovery.problem(environmentName, {
      what: 'an entry of clouds.yaml has the same name as the cloud of the OS_* variables',
      hint: 'Rename the entry, or set OS_CLOUD_NAME to another name',
    })

  let read: ConfigFile | null | undefined
  const publicFile = (): ConfigFile | null =>
    read === undefined ? (read = findConfigFile('clouds-public', environment, discovery)) : read
  const defaultName = chooseDefault(entries, described === null ? null : environmentName, environment)
  for (const entry of entries) addCloud(entry, publicFile, defaultName, context)

  if (described !== null) {
    const { settings, origin } = described
    const chosen = readVariable(environment, 'OS_CLOUD')
    // `openstack` applies these variables to the entry that OS_CLOUD names; openstacksdk and imago keep them separate.
    const isOverlay =
      chosen !== null && !settings.has('auth_url') && !settings.has('profile') && settings.get('auth_type') !== 'none'
    const variables = origin.flatMap((one) => ('variable' in one ? one.variable : []))
    if (isOverlay)
      discovery.problem(environmentName, {
        what: `${variables.join(', ')} ${variables.length === 1 ? 'is' : 'are'} ignored: OS_* variables do not change the cloud that OS_CLOUD names (${chosen})`,
        hint: `Write the settings into the entry ${chosen} in clouds.yaml or secure.yaml, or unset OS_CLOUD`,
      })
    else addCloud({ name: environmentName, settings, files: [], variables: origin }, publicFile, defaultName, context)
  }
  const chosen = readVariable(environment, 'OS_CLOUD')
  const choosing = described === null && entries.length > 0 ? listSelectingVariables(environment) : []
  if (choosing.length > 0) {
    // As in `loader.py`; only `openstack` applies them to an entry.
    discovery.ignored({
      what: `${choosing.join(', ')} ${choosing.length === 1 ? 'is' : 'are'} ignored: without OS_AUTH_URL, OS_* variables do not define a cloud, and they do not change the entries of clouds.yaml`,
      hint: 'Choose a region as CLOUD@REGION; add an entry to clouds.yaml for another project',
    })
  }
  const known = [...inFiles.map(({ name }) => name), ...(described === null ? [] : [environmentName])]
  const isReported = discovery.discovered().problems.some(({ cloud }) => cloud === chosen)
  if (chosen !== null && !known.includes(chosen) && !isReported) {
    discovery.problem(null, {
      what: `cloud not found: ${chosen}, named by OS_CLOUD`,
      hint: known.length === 0 ? 'Unset OS_CLOUD, or create a clouds.yaml' : `Use one of: ${known.join(', ')}`,
    })
  }
  return discovery.discovered()
}
