import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from './lab.ts'

/** Rules of Glance's policy, close to its defaults. */
const RULES = {
  get_images: 'role:reader',
  delete_image: '(role:admin or (role:member and project_id:%(project_id)s))',
}

/** What Glance can be told to forbid. */
export type GlanceAction = keyof typeof RULES

// Each action has its own file, so that two tests can forbid different ones. Glance reads the files before each request. Deleting a file would not restore the rule.
const setRule = ({ state }: Pick<Lab, 'state'>, action: GlanceAction, rule: string): void => {
  const folder = join(state, 'etc/policy.d')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${action}.yaml`), `"${action}": "${rule}"\n`)
}

/** Forbids an action to the users of a project, until `allowInGlance`. Only one test file at a time may forbid an action. */
export const forbidInGlance = (lab: Pick<Lab, 'state'>, action: GlanceAction, projectId: string): void =>
  setRule(lab, action, `${RULES[action]} and not project_id:${projectId}`)

export const allowInGlance = (lab: Pick<Lab, 'state'>, action: GlanceAction): void =>
  setRule(lab, action, RULES[action])
