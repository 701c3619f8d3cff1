import {
  isAcceptedText,
  matchesNamePattern,
  explainCopyExclusion,
  type Capabilities,
  type FieldName,
  type FieldProperty,
  type Image,
  type MetadataRules,
} from '@imago/core'
import { RUN_LABEL, RUN_PROPERTY, TEMPORARY_LABEL } from './run-tags.ts'

/**
 * The rules of both ends of a transfer; `{}` where an adapter has none. Both say what is not copied: labels of a source may stand for properties of the target's,
 * and properties for labels.
 */
export interface BothRules {
  readonly source: MetadataRules
  readonly target: MetadataRules
}

const ofBoth = ({ source, target }: BothRules): readonly MetadataRules[] => [target, source]

/** The property in which the target keeps a field; else the one in which the source does. */
export const findFieldProperty = (rules: BothRules, field: FieldName): FieldProperty | null =>
  ofBoth(rules)
    .flatMap(({ fieldProperties = [] }) => fieldProperties)
    .find((one) => one.field === field) ?? null

/** The property in which the target itself keeps a field: what the source calls it means nothing to a target that has no property for it. */
export const findTargetProperty = ({ target }: BothRules, field: FieldName): FieldProperty | null =>
  target.fieldProperties?.find((one) => one.field === field) ?? null

/** Why a property is not copied; `null`: it is. */
export const findPropertyRefusal = (rules: BothRules, name: string): string | null => {
  if (name === RUN_PROPERTY) return 'names the run that made the source'
  const why = ofBoth(rules)
    .map((one) => explainCopyExclusion(one, 'properties', name))
    .find((one) => one !== null)
  return why ?? (isAcceptedText(name, rules.target.propertyName) ? null : 'the target takes no property of this name')
}

/** Why a label is not copied; `null`: it is. */
export const findLabelRefusal = (rules: BothRules, key: string): string | null => {
  if (key === RUN_LABEL || key === TEMPORARY_LABEL.key) return 'imago wrote it about the run that made the source'
  const why = ofBoth(rules)
    .map((one) => explainCopyExclusion(one, 'labels', key))
    .find((one) => one !== null)
  return why ?? (isAcceptedText(key, rules.target.labelKey) ? null : 'the target takes no label of this name')
}

/** Whether a property is true of the bytes only as the source keeps them. */
export const isFormatProperty = (rules: BothRules, name: string): boolean =>
  ofBoth(rules).some(({ formatProperties = [] }) => matchesNamePattern(formatProperties, name))

/** Whether a property asks for one kind of hypervisor. */
export const isHypervisorProperty = (rules: BothRules, name: string): boolean =>
  ofBoth(rules).some(({ hypervisorProperties = [] }) => matchesNamePattern(hypervisorProperties, name))

/** The rules that a source and a target declare. */
export const combineRules = (
  source: Pick<Capabilities, 'metadata'> | null,
  target: Pick<Capabilities, 'metadata'> | null,
): BothRules => ({ source: source?.metadata ?? {}, target: target?.metadata ?? {} })

/** Whether the properties of an image say that its bytes are ciphertext. */
export const hasEncryptionProperty = ({ encryptionProperties = [] }: MetadataRules, { properties }: Image): boolean =>
  Object.keys(properties).some((name) => matchesNamePattern(encryptionProperties, name))
