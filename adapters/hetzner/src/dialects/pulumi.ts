import type { Dialect } from '@imago/core/provider'
import { BY_FLAVOR, isOtherId } from './recognize-image.ts'
import { BY_SNAPSHOT, fromTerraform, isSnapshot } from './terraform.ts'

const PULUMI_NAMES: ReadonlyMap<string, string> = new Map([
  ['osFlavor', 'os_flavor'],
  ['osVersion', 'os_version'],
  ['rapidDeploy', 'rapid_deploy'],
  ['serverId', 'created_from'],
])

const PULUMI_OWN: ReadonlySet<string> = new Set([
  'selector',
  'withSelector',
  'mostRecent',
  'withStatuses',
  'withArchitecture',
  'includeDeprecated',
  '__defaults',
  '__meta',
  'urn',
])

export const pulumi: Dialect = {
  name: 'pulumi',
  title: 'Pulumi’s hcloud.getImage and hcloud.Snapshot',
  recognize: (record) => {
    if ('osFlavor' in record) return isOtherId(record['id']) ? null : BY_FLAVOR
    return isSnapshot(record, 'serverId') ? BY_SNAPSHOT : null
  },
  translation: { rename: PULUMI_NAMES, respell: fromTerraform, own: PULUMI_OWN },
}
