import { readVariable, type Environment, type ProblemReporter } from '@imago/provider-kit'
import type { RescueSettings } from './cloud.ts'

const PORT = 'IMAGO_RESCUE_SSH_PORT'

const parsePort = (text: string | null, discovery: ProblemReporter): number | null => {
  if (text === null) return null
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  discovery.warning(null, { what: `invalid port: ${PORT}`, hint: 'Use a number from 1 to 65535; default: 22' })
  return null
}

/** imago's own variables. hcloud has no settings for rescue systems. */
export const rescueSettings = (environment: Environment, discovery: ProblemReporter): RescueSettings => ({
  location: readVariable(environment, 'IMAGO_RESCUE_LOCATION'),
  serverType: readVariable(environment, 'IMAGO_RESCUE_SERVER_TYPE'),
  sshPort: parsePort(readVariable(environment, PORT), discovery),
})
