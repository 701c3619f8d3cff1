import type { FieldProperty, MetadataRules } from '@imago/core/provider'
import { LABEL_KEY, LABEL_VALUE, RESERVED } from './requests/labels.ts'
import { TRANSFERRED_PROPERTIES, OWN_LABELS } from './transfer-labels.ts'

const GRAMMAR = 'have up to 63 letters, digits, dashes, underscores and dots, and begin and end with a letter or digit'

const FIELD_PROPERTIES: readonly FieldProperty[] = TRANSFERRED_PROPERTIES.map(([field, property, values]) => ({
  field,
  property,
  from: 'properties',
  values,
}))

/** The grammar of labels (hcloud-go: hcloud/labels.go). Hetzner documents no limit of a description. */
export const metadata: MetadataRules = {
  fieldProperties: FIELD_PROPERTIES,
  copyExclusions: [
    { entries: 'labels', names: [`${RESERVED}*`], why: 'set by Hetzner, not by the user' },
    { entries: 'labels', names: OWN_LABELS, why: 'set by imago for the run that created the source' },
  ],
  labelKey: {
    maxLength: null,
    pattern: LABEL_KEY,
    reserved: [`${RESERVED}*`, ...OWN_LABELS],
    requirement: `${GRAMMAR}; a prefix and a slash may precede it`,
  },
  labelValue: { maxLength: null, pattern: LABEL_VALUE, reserved: [], requirement: `be empty, or ${GRAMMAR}` },
}
