import type { Wording } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { OpenstackRegion, Origin } from '../cloud.ts'
import { gatheringOf, type Findings, type Gathering } from '../findings.ts'
import { variable, type Surroundings } from '../surroundings.ts'
import { authOf } from './auth.ts'
import { findConfigFile, type ConfigFile } from './config-file.ts'
import { choosingVariables, environmentCloud } from './environment.ts'
import { fixedUp, hasAuthMapping } from './fix-ups.ts'
import { mayCombine, notCombined } from './guard.ts'
import { profileNameOf, profileOf } from './profile.ts'
import { regionsOf, type RegionEntry } from './region.ts'
import { servicesOf, timeoutOf, tlsOf } from './service.ts'
import { settingsOf } from './settings.ts'
import { EMPTY, holdsSecret, isMapping, layered, mergedDeeply, normalized, type Mapping, type Value } from './value.ts'

const ENVIRONMENT = 'envvars'

/** An entry with all that was found of it, before its profile. */
interface Entry {
  readonly name: string
  readonly settings: Mapping
  readonly files: readonly ConfigFile[]
  readonly variables: readonly Origin[]
}

interface Context {
  readonly surroundings: Surroundings
  readonly trustDirectory: boolean
  readonly gathering: Gathering
}

const cloudsOf = (file: ConfigFile | null, gathering: Gathering): Mapping => {
  if (file === null || file.content.size === 0) return EMPTY
  const clouds = file.content.get('clouds')
  if (clouds === null || isMapping(clouds)) return clouds ?? EMPTY
  gathering.warning(null, { what: `${file.shown} has no mapping called clouds`, hint: 'Put the entries below a line that says clouds' })
  return EMPTY
}

/** The entries of clouds.yaml with what secure.yaml says of them: its word counts more. */
const entriesOf = ({ surroundings, trustDirectory, gathering }: Context): readonly Entry[] => {
  const open = findConfigFile('clouds', surroundings, gathering)
  const secure = findConfigFile('secure', surroundings, gathering)
  const lower = cloudsOf(open, gathering)
  const upper = cloudsOf(secure, gathering)
  const entries: Entry[] = []
  for (const name of new Set([...lower.keys(), ...upper.keys()])) {
    const files = [lower.has(name) ? open : null, upper.has(name) ? secure : null].filter((file) => file !== null)
    const values: readonly (Value | undefined)[] = [lower.get(name), upper.get(name)].filter((value) => value !== undefined)
    const mappings = values.filter(isMapping)
    const [one, other] = files
    if (one !== undefined && other !== undefined && !mayCombine(one, other, trustDirectory)) gathering.problem(name, notCombined(one, other))
    else if (mappings.length < values.length) gathering.problem(name, { what: 'its entry is not a mapping', hint: 'Give it at least an auth mapping' })
    else entries.push({ name, settings: normalized(mappings.reduce(mergedDeeply, EMPTY)), files, variables: [] })
  }
  return entries
}

const regionOf = (region: RegionEntry, base: Mapping, surroundings: Surroundings): E.Either<readonly Wording[], OpenstackRegion> => {
  // None takes nothing over (`loader.py`, `get_one`).
  const own = new Map([...normalized(region.values)].filter(([, value]) => value !== null))
  const merged = new Map(layered(base, own)).set('region_name', region.name ?? '')
  if (!hasAuthMapping(merged)) return E.left([{ what: 'its auth is not a mapping', hint: 'Put auth_url, username and the like below it' }])
  const settings = settingsOf(fixedUp(merged), region.name)
  const auth = authOf(settings)
  const found: OpenstackRegion = { name: region.name, auth, tls: tlsOf(settings, surroundings), timeoutMs: timeoutOf(settings), services: servicesOf(settings, auth) }
  return settings.faults.length > 0 ? E.left(settings.faults) : E.right(found)
}

/** All faults in one sentence, each once, and what to do about the first. */
const together = (faults: readonly Wording[]): Wording => ({ ...faults[0], what: [...new Set(faults.map(({ what }) => what))].join('; and ') })

const addCloud = (entry: Entry, publicFile: () => ConfigFile | null, defaultName: string | null, { surroundings, trustDirectory, gathering }: Context): void => {
  const { name, settings } = entry
  const problem = (wording: Wording): void => gathering.problem(name, wording)
  const profile = profileOf(settings, profileNameOf(settings) === null ? null : publicFile())
  if (E.isLeft(profile)) return problem(profile.left)
  const { file } = profile.right
  const foreign = file === null ? undefined : entry.files.find((one) => !mayCombine(one, file, trustDirectory) && (file.isFromDirectory || holdsSecret(profile.right.settings)))
  if (file !== null && foreign !== undefined) return problem(notCombined(foreign, file))
  if (file !== null && file.isFromDirectory && entry.variables.length > 0 && !trustDirectory) {
    return problem({ what: `its profile stands in ${file.shown}, which lies in the working directory: whoever wrote that could have your password sent to any host`, hint: 'If you trust this directory, use --trust-directory' })
  }
  for (const wording of profile.right.warnings) gathering.warning(name, wording)

  const regions = regionsOf(settings, profile.right.settings)
  if (E.isLeft(regions)) return problem(regions.left)
  const base = layered(profile.right.settings, settings)
  const found: OpenstackRegion[] = []
  for (const region of regions.right) {
    const one = regionOf(region, base, surroundings)
    if (E.isRight(one)) found.push(one.right)
    else {
      const wording = together(one.left)
      problem(region.name === null || regions.right.length === 1 ? wording : { ...wording, what: `in region ${region.name}, ${wording.what}` })
    }
  }
  if (found.length === 0) return
  const files = [...entry.files, ...(file === null ? [] : [file])].map(({ path }) => ({ file: path }))
  gathering.clouds.push({ provider: 'openstack', name, isDefault: name === defaultName, origin: [...files, ...entry.variables], regions: found })
}

/** OS_CLOUD before the environment's own cloud before the only cloud there is (`loader.py`, `OpenStackConfig.__init__`). */
const defaultOf = (entries: readonly Entry[], environmentName: string | null, surroundings: Surroundings): string | null => {
  const chosen = variable(surroundings, 'OS_CLOUD') ?? environmentName
  return chosen ?? (entries.length === 1 ? (entries[0]?.name ?? null) : null)
}

/** The entries of clouds.yaml, put together with secure.yaml and clouds-public.yaml as openstacksdk does, and the cloud that `OS_*` variables describe. */
export const findOpenstackClouds = (surroundings: Surroundings, trustDirectory: boolean): Findings => {
  const gathering = gatheringOf('openstack')
  const context = { surroundings, trustDirectory, gathering }
  const inFiles = entriesOf(context)
  const environment = environmentCloud(surroundings)
  const environmentName = variable(surroundings, 'OS_CLOUD_NAME') ?? ENVIRONMENT
  const entries = inFiles.filter(({ name }) => name !== environmentName)
  if (entries.length < inFiles.length) gathering.problem(environmentName, { what: 'an entry of clouds.yaml has the name of the cloud that the environment describes', hint: 'Rename the entry, or set OS_CLOUD_NAME to another name' })

  let read: ConfigFile | null | undefined
  const publicFile = (): ConfigFile | null => (read === undefined ? (read = findConfigFile('clouds-public', surroundings, gathering)) : read)
  const defaultName = defaultOf(entries, environment === null ? null : environmentName, surroundings)
  for (const entry of entries) addCloud(entry, publicFile, defaultName, context)

  if (environment !== null) {
    const { settings, origin } = environment
    const chosen = variable(surroundings, 'OS_CLOUD')
    // `openstack` lays these variables over the entry that OS_CLOUD names; openstacksdk, and imago, keep them apart.
    const isOverlay = chosen !== null && !settings.has('auth_url') && !settings.has('profile') && settings.get('auth_type') !== 'none'
    if (isOverlay) gathering.problem(environmentName, { what: `the variables ${origin.map((one) => ('variable' in one ? one.variable : '')).join(', ')} are set beside OS_CLOUD, and imago does not lay variables over an entry`, hint: `Write them into the entry ${chosen} in clouds.yaml or secure.yaml, or unset OS_CLOUD` })
    else addCloud({ name: environmentName, settings, files: [], variables: origin }, publicFile, defaultName, context)
  }
  const chosen = variable(surroundings, 'OS_CLOUD')
  const choosing = environment === null && entries.length > 0 ? choosingVariables(surroundings) : []
  if (choosing.length > 0) {
    // The same in `loader.py`: only `openstack` itself lays them over an entry.
    gathering.ignored({
      what: `${choosing.join(', ')} ${choosing.length === 1 ? 'is' : 'are'} ignored: without OS_AUTH_URL, these variables describe no cloud, and they do not change the entries of clouds.yaml`,
      hint: 'Choose a region as CLOUD@REGION; write another project into an entry of its own',
    })
  }
  const known = [...inFiles.map(({ name }) => name), ...(environment === null ? [] : [environmentName])]
  const isReported = gathering.findings().problems.some(({ cloud }) => cloud === chosen)
  if (chosen !== null && !known.includes(chosen) && !isReported) {
    gathering.problem(null, { what: `OS_CLOUD is ${chosen}, and there is no such cloud`, hint: known.length === 0 ? 'Unset it, or write a clouds.yaml' : `There are: ${known.join(', ')}` })
  }
  return gathering.findings()
}
