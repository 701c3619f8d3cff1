import type { FieldName } from '../image/field.ts'
import type { NewImage } from './new-image.ts'

/** A provider's rule for a text. Plain JSON. */
export interface TextRule {
  /** Maximum length in code points; `null`: unknown. */
  readonly maxLength: number | null
  /** A regular expression (flag `u`) that the whole text must match; `null`: any text. Must run in linear time, because it is applied to foreign text. */
  readonly pattern: string | null
  /** Texts reserved by the provider or imago; a final `*` matches any suffix. */
  readonly reserved: readonly string[]
  /** The rule in words, which completes `a key must …`. */
  readonly requirement: string
}

/** A property that stores a field of the model at this provider. */
export interface FieldProperty {
  readonly field: FieldName
  readonly property: string
  /**
   * How the property of a new image is set: `properties`, by the requested properties; `field`, by the adapter from a field of the request;
   * `provider`, only by the provider.
   */
  readonly from: 'properties' | 'field' | 'provider'
  /** Allowed values: a field with another value is not written. `null`: any. */
  readonly values: readonly string[] | null
}

/** Labels or properties that are not copied to a new image. */
export interface CopyExclusion {
  readonly entries: 'labels' | 'properties'
  /** A final `*` matches any suffix. */
  readonly names: readonly string[]
  /** The reason, as shown for a field that is not kept. */
  readonly why: string
}

/** The maximum number of entries of an image. */
export interface CountRule {
  readonly max: number
  /** `false`: this is a default that the cloud's operator can change. */
  readonly isFixed: boolean
}

/**
 * The meaning of a provider's metadata, and the metadata that it accepts. Invalid metadata is therefore found before any bytes are transferred.
 *
 * Everything is optional. Without rules, labels, tags and properties are copied unchanged, except the tags of imago's own runs; fields without a property
 * are not kept, and only the provider refuses metadata.
 */
export interface MetadataRules {
  readonly fieldProperties?: readonly FieldProperty[] | undefined
  readonly copyExclusions?: readonly CopyExclusion[] | undefined
  /** Properties that describe the stored bytes and do not apply after a conversion; `*` as in `CopyExclusion`. */
  readonly formatProperties?: readonly string[] | undefined
  /** Properties that require a hypervisor that may not run a converted image; `*` as in `CopyExclusion`. */
  readonly hypervisorProperties?: readonly string[] | undefined
  /** Properties that only encrypted images have; `*` as in `CopyExclusion`. */
  readonly encryptionProperties?: readonly string[] | undefined
  readonly tagCount?: CountRule | undefined
  readonly propertyCount?: CountRule | undefined
  readonly labelCount?: CountRule | undefined
  readonly name?: TextRule | undefined
  readonly description?: TextRule | undefined
  readonly labelKey?: TextRule | undefined
  readonly labelValue?: TextRule | undefined
  readonly tag?: TextRule | undefined
  readonly propertyName?: TextRule | undefined
  readonly propertyValue?: TextRule | undefined
}

const MAX_SHOWN_CHARACTERS = 40

const quoteShortened = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * MAX_SHOWN_CHARACTERS + 1))
  return JSON.stringify(
    characters.length > MAX_SHOWN_CHARACTERS ? `${characters.slice(0, MAX_SHOWN_CHARACTERS).join('')}…` : text,
  )
}

/** Whether `name` matches one of `names`, in which a final `*` matches any suffix. */
export const matchesNamePattern = (names: readonly string[], name: string): boolean =>
  names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

/** The reason why a label or property is not copied; `null`: it is copied. */
export const explainCopyExclusion = (
  { copyExclusions = [] }: MetadataRules,
  entries: CopyExclusion['entries'],
  name: string,
): string | null =>
  copyExclusions.find((one) => one.entries === entries && matchesNamePattern(one.names, name))?.why ?? null

/** No provider accepts more code points in a text, so those of longer texts are not counted. */
const MAX_COUNTED_CHARACTERS = 70_000

const isLonger = (text: string, max: number): boolean =>
  text.length > max && (text.length > 2 * Math.max(max, MAX_COUNTED_CHARACTERS) || [...text].length > max)

/** The reason why `text` is not accepted; `null`: it is accepted. */
const findProblem = (what: string, text: string | undefined, rule: TextRule | undefined): string | null => {
  if (text === undefined || rule === undefined) return null
  if (matchesNamePattern(rule.reserved, text)) return `${what} ${quoteShortened(text)} is reserved`
  if (rule.maxLength !== null && isLonger(text, rule.maxLength))
    return `${what} ${quoteShortened(text)} is longer than ${rule.maxLength} characters`
  return rule.pattern === null || new RegExp(rule.pattern, 'u').test(text)
    ? null
    : `${what} ${quoteShortened(text)} is not accepted: it must ${rule.requirement}`
}

/** Whether a rule accepts a text. Without a rule, any text is accepted. */
export const isAcceptedText = (text: string, rule: TextRule | undefined): boolean =>
  findProblem('', text, rule) === null

/** Finds the texts in the metadata of an image that violate these rules: a sentence for each. Pure; total. */
export const findMetadataProblems = (
  { name, description, labels = {}, tags = [], properties = {} }: Omit<NewImage, 'diskFormat'>,
  rules: MetadataRules,
): readonly string[] =>
  [
    findProblem('the name', name, rules.name),
    findProblem('the description', description, rules.description),
    ...Object.entries(labels).flatMap(([key, value]) => [
      findProblem('the label key', key, rules.labelKey),
      findProblem(`in the label ${quoteShortened(key)}, the value`, value, rules.labelValue),
    ]),
    ...tags.map((tag) => findProblem('the tag', tag, rules.tag)),
    ...Object.entries(properties).flatMap(([key, value]) => [
      findProblem('the property name', key, rules.propertyName),
      findProblem(`in the property ${quoteShortened(key)}, the value`, value, rules.propertyValue),
    ]),
  ].filter((problem) => problem !== null)
