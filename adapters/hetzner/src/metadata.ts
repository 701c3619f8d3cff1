import type { MetadataRules } from '@imago/core'
import { LABEL_KEY, LABEL_VALUE, RESERVED } from './requests/labels.ts'
import { OWN_LABELS } from './transfer-labels.ts'

const GRAMMAR = 'have up to 63 letters, digits, dashes, underscores and dots, and begin and end with a letter or digit'

/** What Hetzner takes as labels (hcloud-go: hcloud/labels.go). It documents no limit of a description. */
export const metadata: MetadataRules = {
  labelKey: { longest: null, pattern: LABEL_KEY, reserved: [`${RESERVED}*`, ...OWN_LABELS], words: `${GRAMMAR}; a prefix may stand before a slash` },
  labelValue: { longest: null, pattern: LABEL_VALUE, reserved: [], words: `be empty, or ${GRAMMAR}` },
}
