import type { HetznerSimulator, OpenstackSimulator, User } from '@imago/simulator'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectories } from './make-directories.ts'
import { fileProblem, Problem } from './problem.ts'

/** The configuration files of the simulators. */
export interface Configured {
  readonly hetznerConfig: string
  readonly openstackConfig: string
}

const SSH_PORT = 22

const quoted = (text: string): string => JSON.stringify(text)

const cliToml = ({ url, projects }: HetznerSimulator): string =>
  [
    `active_context = ${quoted(projects[0]?.name ?? '')}`,
    '[preferences]',
    `endpoint = ${quoted(url)}`,
    ...projects.flatMap(({ name, token }) => ['[[contexts]]', `name = ${quoted(name)}`, `token = ${quoted(token)}`]),
    '',
  ].join('\n')

/** The users that have a cloud in clouds.yaml. */
export const USERS = ['demo', 'other']

const findProjectName = ({ projects }: OpenstackSimulator, user: User): string =>
  projects.find(({ id }) => id in user.projects)?.name ?? ''

const cloudsYaml = (simulator: OpenstackSimulator): string => {
  const users = simulator.users.filter(({ name }) => USERS.includes(name))
  const entry = (user: User): string =>
    [
      `  ${user.name}:`,
      '    auth:',
      `      auth_url: ${quoted(simulator.authUrl)}`,
      `      username: ${quoted(user.name)}`,
      `      password: ${quoted(user.password ?? '')}`,
      `      project_name: ${quoted(findProjectName(simulator, user))}`,
      `      user_domain_name: ${quoted(user.domain.name)}`,
      '      project_domain_name: "Default"',
      `    region_name: ${quoted(simulator.regions[0] ?? '')}`,
      '',
    ].join('\n')
  return `clouds:\n${users.map(entry).join('')}`
}

/** Writes the configuration files of `hcloud` and `openstack`, which imago reads as well. Does not overwrite files. */
export const writeConfig = async (
  directory: string,
  hetzner: HetznerSimulator,
  openstack: OpenstackSimulator,
): Promise<Configured> => {
  const hetznerConfig = join(directory, 'cli.toml')
  const openstackConfig = join(directory, 'clouds.yaml')
  const write = (file: string, text: string): Promise<void> =>
    writeFile(file, text, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new Problem(`file exists: ${file}. Delete it, or use another --config-dir`)
      throw fileProblem('write', file, error)
    })
  try {
    makeDirectories(directory)
  } catch (error) {
    throw fileProblem('write', directory, error)
  }
  await write(hetznerConfig, cliToml(hetzner))
  await write(openstackConfig, cloudsYaml(openstack))
  return { hetznerConfig, openstackConfig }
}

/** The environment variables for imago, hcloud and openstack. */
export const simulatedEnvironment = (
  hetzner: HetznerSimulator,
  { hetznerConfig, openstackConfig }: Configured,
): Readonly<Record<string, string>> => ({
  HCLOUD_CONFIG: hetznerConfig,
  HCLOUD_ENDPOINT: hetzner.url,
  OS_CLIENT_CONFIG_FILE: openstackConfig,
  // Simulated rescue systems listen on port 22 only if the user may.
  ...(hetzner.sshPort === null || hetzner.sshPort === SSH_PORT
    ? {}
    : { IMAGO_RESCUE_SSH_PORT: String(hetzner.sshPort) }),
})
