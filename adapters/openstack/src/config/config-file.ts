import { displayPath, getPathModule, readVariable, type Environment, type ProblemReporter } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { readJson, readYaml } from './python-yaml.ts'
import { searchPath } from './search-path.ts'
import { EMPTY, holdsSecret, isMapping, type Mapping } from './value.ts'

/** A file that was found, and could be read. */
export interface ConfigFile {
  readonly path: string
  /** For people. */
  readonly shown: string
  readonly directory: string
  /**
   * It was merely lying in the working directory: nobody named it, and that is none of the user's own places. Whoever gave the user this directory,
   * an archive or a repository, may have written it.
   */
  readonly isFromDirectory: boolean
  readonly content: Mapping
}

/** The three kinds of files, and the variable that names one. */
const VARIABLES = { clouds: 'OS_CLIENT_CONFIG_FILE', secure: 'OS_CLIENT_SECURE_FILE', 'clouds-public': null } as const
/** What a file is for; its name begins with it. */
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

/** The file that `variableName` names, wherever it is: naming it is trusting it. */
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
      hint: 'Make the file readable for yourself, or ignore this',
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
    discovery.unreadable({ what: `${shown} is not a mapping`, hint: 'Begin it with a line that says clouds' })
    return 'broken'
  }
  if (reading.isOpenToOthers && content !== null && holdsSecret(content)) {
    discovery.warning(null, { what: `${shown} holds secrets, and others can read it`, hint: `Run chmod 600 ${shown}` })
  }
  return { ...candidate, shown, content: content ?? EMPTY }
}

/**
 * The first file of this kind that is there, readable and parseable (`loader.py`, `_load_yaml_json_file`): the one that the variable names, then
 * the working directory, then the user's, then the machine's. Each kind is searched by itself.
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
