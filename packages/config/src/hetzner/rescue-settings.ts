import type { RescueSettings } from '../cloud.ts'
import type { Gathering } from '../findings.ts'
import { variable, type Surroundings } from '../surroundings.ts'

const PORT = 'IMAGO_RESCUE_SSH_PORT'

const portOf = (text: string | null, gathering: Gathering): number | null => {
  if (text === null) return null
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  gathering.warning(null, { what: `${PORT} is no port`, hint: 'Write a number from 1 to 65535. Unset, it is 22' })
  return null
}

/** imago's own variables: hcloud has no rescue systems to configure. */
export const rescueSettings = (surroundings: Surroundings, gathering: Gathering): RescueSettings => ({
  location: variable(surroundings, 'IMAGO_RESCUE_LOCATION'),
  serverType: variable(surroundings, 'IMAGO_RESCUE_SERVER_TYPE'),
  sshPort: portOf(variable(surroundings, PORT), gathering),
})
