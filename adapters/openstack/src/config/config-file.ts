import { displayPath, getPathModule, readVariable, type Environment, type ProblemReporter } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { readJson, readYaml } from './python-yaml.ts'
import { searchPath } from './search-path.ts'
import { EMPTY, holdsSecret, isMapping, type Mapping } from './value.ts'

/** A configuration file that exists and was parsed. */
export interface ConfigFile {
  readonly path: string
  /** Path for display. */
  readonly shown: string
  readonly directory: string
  /**
   * The file was found in the working directory, without being named and outside of the user's configuration directories.
   * It is untrusted: it may come from an archive or a repository.
   */
  readonly isFromDirectory: boolean
  readonly content: Mapping
}

/** Kinds of configuration files, with the environment variable that sets the path. */
const VARIABLES = { clouds: 'OS_CLIENT_CONFIG_FILE', secure: 'OS_CLIENT_SECURE_FILE', 'clouds-public': null } as const
/** Kind of a configuration file; the file name starts with it. */
export type FileKind = keyof typeof VARIABLES

const SUFFIXES = ['.yaml', '.yml', '.json'] as const

interface Candidate {
  readonly path: string
  readonly directory: string
  readonly isFromDirectory: boolean
}

const listCandidates = (kind: FileKind, environment: Environment): readonly Candidate[] => {
  const paths = getPathModule(environment)
  const others = searchPath(environment)
  return [environment.workingDirectory, ...others].flatMap((directory) =>
    SUFFIXES.map((suffix) => ({
      path: paths.join(directory, `${kind}${suffix}`),
      directory,
      isFromDirectory: directory === environment.workingDirectory && !others.includes(directory),
    })),
  )
}

/** A file named by an environment variable is trusted, wherever it is. */
const namedCandidate = (variableName: string | null, environment: Environment): Candidate | null => {
  const named = variableName === null ? null : readVariable(environment, variableName)
  if (named === null) return null
  const paths = getPathModule(environment)
  const path = paths.resolve(environment.workingDirectory, named)
  return { path, directory: paths.dirname(path), isFromDirectory: false }
}

const read = (
  candidate: Candidate,
  environment: Environment,
  discovery: ProblemReporter,
): ConfigFile | 'missing' | 'broken' => {
  const { path } = candidate
  const shown = displayPath(environment, path)
  const reading = environment.readFile(path)
  if (reading._tag === 'missing') return 'missing'
  if (reading._tag === 'unreadable') {
    discovery.warning(null, {
      what: `cannot read ${shown}: ${reading.reason}`,
      hint: 'Make the file readable to you',
    })
    return 'broken'
  }
  const parsed = path.endsWith('json') ? readJson(reading.text) : readYaml(reading.text)
  if (E.isLeft(parsed)) {
    discovery.unreadable({ ...parsed.left, what: `cannot read ${shown}: ${parsed.left.what}` })
    return 'broken'
  }
  const content = parsed.right
  if (content !== null && !isMapping(content)) {
    discovery.unreadable({ what: `${shown} is not a mapping`, hint: 'Add the key clouds at its top level' })
    return 'broken'
  }
  if (reading.isOpenToOthers && content !== null && holdsSecret(content)) {
    discovery.warning(null, {
      what: `${shown} contains secrets, and other users can read it`,
      hint: `Run chmod 600 ${shown}`,
    })
  }
  return { ...candidate, shown, content: content ?? EMPTY }
}

/**
 * Returns the first readable and valid file of this kind (`loader.py`, `_load_yaml_json_file`).
 * Order: environment variable, working directory, user directories, system directories. Each kind is searched separately.
 */
export const findConfigFile = (
  kind: FileKind,
  environment: Environment,
  discovery: ProblemReporter,
): ConfigFile | null => {
  const variableName = VARIABLES[kind]
  const named = namedCandidate(variableName, environment)
  if (named !== null) {
    const file = read(named, environment, discovery)
    if (file === 'missing')
      discovery.warning(null, {
        what: `file not found: ${displayPath(environment, named.path)}, named by ${variableName}`,
        hint: 'Correct the variable, or unset it',
      })
    else if (file !== 'broken') return file
  }
  for (const candidate of listCandidates(kind, environment)) {
    const file = candidate.path === named?.path ? 'broken' : read(candidate, environment, discovery)
    if (file !== 'missing' && file !== 'broken') return file
  }
  return null
}
