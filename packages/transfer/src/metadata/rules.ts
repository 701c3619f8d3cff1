import {
  isAcceptedText,
  matchesNamePattern,
  RUN_EPOCH_LABEL,
  RUN_EPOCH_PROPERTY,
  RUN_LABEL,
  RUN_PROPERTY,
  TEMPORARY_LABEL,
  explainCopyExclusion,
  type Capabilities,
  type FieldName,
  type FieldProperty,
  type Image,
  type MetadataRules,
} from '@imago/core'

/**
 * The metadata rules of source and target; `{}`: the adapter has none. The exclusions of both apply, because labels of the source may store properties of
 * the target, and properties may store labels.
 */
export interface BothRules {
  readonly source: MetadataRules
  readonly target: MetadataRules
}

const listRules = ({ source, target }: BothRules): readonly MetadataRules[] => [target, source]

/** The property that stores a field in the target, or else in the source. */
export const findFieldProperty = (rules: BothRules, field: FieldName): FieldProperty | null =>
  listRules(rules)
    .flatMap(({ fieldProperties = [] }) => fieldProperties)
    .find((one) => one.field === field) ?? null

/** The property that stores a field in the target. */
export const findTargetProperty = ({ target }: BothRules, field: FieldName): FieldProperty | null =>
  target.fieldProperties?.find((one) => one.field === field) ?? null

/** Why a property is not transferred; `null`: it is. */
export const findPropertyRefusal = (rules: BothRules, name: string): string | null => {
  if (name === RUN_PROPERTY || name === RUN_EPOCH_PROPERTY) return 'identifies the run that created the source'
  const why = listRules(rules)
    .map((one) => explainCopyExclusion(one, 'properties', name))
    .find((one) => one !== null)
  return (
    why ?? (isAcceptedText(name, rules.target.propertyName) ? null : 'the target does not accept this property name')
  )
}

const RUN_LABELS: ReadonlySet<string> = new Set([RUN_LABEL, RUN_EPOCH_LABEL, TEMPORARY_LABEL.key])

/** Why a label is not transferred; `null`: it is. */
export const findLabelRefusal = (rules: BothRules, key: string): string | null => {
  if (RUN_LABELS.has(key)) return 'identifies the run that created the source'
  const why = listRules(rules)
    .map((one) => explainCopyExclusion(one, 'labels', key))
    .find((one) => one !== null)
  return why ?? (isAcceptedText(key, rules.target.labelKey) ? null : 'the target does not accept this label key')
}

/** Whether a property describes the stored bytes of the source. */
export const isFormatProperty = (rules: BothRules, name: string): boolean =>
  listRules(rules).some(({ formatProperties = [] }) => matchesNamePattern(formatProperties, name))

/** Whether a property requires a certain hypervisor. */
export const isHypervisorProperty = (rules: BothRules, name: string): boolean =>
  listRules(rules).some(({ hypervisorProperties = [] }) => matchesNamePattern(hypervisorProperties, name))

/** Combines the rules that source and target declare. */
export const combineRules = (
  source: Pick<Capabilities, 'metadata'> | null,
  target: Pick<Capabilities, 'metadata'> | null,
): BothRules => ({ source: source?.metadata ?? {}, target: target?.metadata ?? {} })

/** Whether the properties of an image declare it encrypted. */
export const hasEncryptionProperty = ({ encryptionProperties = [] }: MetadataRules, { properties }: Image): boolean =>
  Object.keys(properties).some((name) => matchesNamePattern(encryptionProperties, name))
