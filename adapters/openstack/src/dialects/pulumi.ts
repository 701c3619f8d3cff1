import { type Dialect, certainMatch } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'
import { TERRAFORM_NAMES, TERRAFORM_OWN, fromTerraform } from './terraform.ts'
import { LIFT_PROPERTIES } from './wire-value.ts'

const BY_PULUMI = certainMatch('it has containerFormat and diskFormat')

/** Pulumi's provider wraps Terraform's, with names in camel case. */
const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const PULUMI_NAMES: ReadonlyMap<string, string> = new Map([
  ...[...GLANCE_BASE_KEYS].map((key) => [camelCase(key), key] as const),
  ...[...TERRAFORM_NAMES].map(([name, key]) => [camelCase(name), key] as const),
])

export const pulumi: Dialect = {
  name: 'pulumi',
  title: 'Pulumi’s openstack.images.Image and getImage',
  recognize: (record) =>
    typeof record['id'] === 'string' && 'containerFormat' in record && 'diskFormat' in record ? BY_PULUMI : null,
  translation: {
    rename: PULUMI_NAMES,
    lift: LIFT_PROPERTIES,
    respell: fromTerraform,
    own: new Set([...[...TERRAFORM_OWN].map(camelCase), '__defaults', '__meta', 'urn']),
  },
}
