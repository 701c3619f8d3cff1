import type { FieldName } from '../image/field.ts'
import type { NewImage } from './new-image.ts'

/** What a provider takes as one text. Plain JSON. */
export interface TextRule {
  /** The most characters (code points); `null`: no limit is known. */
  readonly maxLength: number | null
  /** A regular expression (flag `u`) that the whole text matches; `null`: any text. Linear: it meets foreign text. */
  readonly pattern: string | null
  /** Texts that are the provider's own, or imago's; one that ends in `*` is the beginning of such texts. */
  readonly reserved: readonly string[]
  /** The rule in words, as the second half of `a key must …`. */
  readonly requirement: string
}

/** A property in which the provider's images keep what the model has in a field. */
export interface FieldProperty {
  readonly field: FieldName
  readonly property: string
  /**
   * How a new image gets it: `properties`, as one of the properties that are asked for; `field`, from the field of the request, by the adapter;
   * `provider`, from the provider alone.
   */
  readonly from: 'properties' | 'field' | 'provider'
  /** The words that the property can have: a field with another value is not written. `null`: any. */
  readonly values: readonly string[] | null
}

/** Labels or properties that a copy of an image must not have. */
export interface CopyExclusion {
  readonly entries: 'labels' | 'properties'
  /** A name that ends in `*` is the beginning of such names. */
  readonly names: readonly string[]
  /** Why, as the reason of a field that is lost. */
  readonly why: string
}

/** How many entries an image can have. */
export interface CountRule {
  readonly max: number
  /** Whether that is so everywhere; `false`: it is the default, which an operator can change. */
  readonly isFixed: boolean
}

/**
 * What a provider's metadata means, and what it accepts as the metadata of an image, so that what it would refuse is known before any bytes are moved.
 *
 * Everything is optional. Without rules a provider's labels, tags and properties are copied as they are, except the marks of imago's own runs; fields that
 * no rule has a property for are lost, and nothing is refused before the provider refuses it.
 */
export interface MetadataRules {
  readonly fieldProperties?: readonly FieldProperty[] | undefined
  readonly copyExclusions?: readonly CopyExclusion[] | undefined
  /** Properties that are true of the bytes as they are stored, and not of what a conversion makes of them; `*` as in `CopyExclusion`. */
  readonly formatProperties?: readonly string[] | undefined
  /** Properties that ask for one kind of hypervisor, which a converted image may not be for; `*` as in `CopyExclusion`. */
  readonly hypervisorProperties?: readonly string[] | undefined
  /** Properties that only an image has whose bytes are ciphertext; `*` as in `CopyExclusion`. */
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

const MOST_SHOWN = 40

const shown = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * MOST_SHOWN + 1))
  return JSON.stringify(characters.length > MOST_SHOWN ? `${characters.slice(0, MOST_SHOWN).join('')}…` : text)
}

/** Whether `name` is one of `names`, of which those that end in `*` are beginnings. */
export const matchesNamePattern = (names: readonly string[], name: string): boolean =>
  names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))

/** Why a provider's rules keep a label or property from copies; `null`: they do not. */
export const explainCopyExclusion = (
  { copyExclusions = [] }: MetadataRules,
  entries: CopyExclusion['entries'],
  name: string,
): string | null =>
  copyExclusions.find((one) => one.entries === entries && matchesNamePattern(one.names, name))?.why ?? null

/** No provider takes more code points in one text, so a longer one is not counted. */
const MOST_COUNTED = 70_000

const isLonger = (text: string, most: number): boolean =>
  text.length > most && (text.length > 2 * Math.max(most, MOST_COUNTED) || [...text].length > most)

/** Why `text` is not taken as `what`; `null`: it is. */
const problemOf = (what: string, text: string | undefined, rule: TextRule | undefined): string | null => {
  if (text === undefined || rule === undefined) return null
  if (matchesNamePattern(rule.reserved, text)) return `${what} ${shown(text)} is reserved`
  if (rule.maxLength !== null && isLonger(text, rule.maxLength))
    return `${what} ${shown(text)} is longer than ${rule.maxLength} characters`
  return rule.pattern === null || new RegExp(rule.pattern, 'u').test(text)
    ? null
    : `${what} ${shown(text)} is not accepted: it must ${rule.requirement}`
}

/** Whether a text is accepted by a rule; without one, it is. */
export const isAcceptedText = (text: string, rule: TextRule | undefined): boolean => problemOf('', text, rule) === null

/** Why a provider with these rules would refuse the metadata of `request`: a sentence for each text. Pure; total. */
export const findMetadataProblems = (
  { name, description, labels = {}, tags = [], properties = {} }: Omit<NewImage, 'diskFormat'>,
  rules: MetadataRules,
): readonly string[] =>
  [
    problemOf('the name', name, rules.name),
    problemOf('the description', description, rules.description),
    ...Object.entries(labels).flatMap(([key, value]) => [
      problemOf('the label key', key, rules.labelKey),
      problemOf(`the value of the label ${shown(key)},`, value, rules.labelValue),
    ]),
    ...tags.map((tag) => problemOf('the tag', tag, rules.tag)),
    ...Object.entries(properties).flatMap(([key, value]) => [
      problemOf('the property name', key, rules.propertyName),
      problemOf(`the value of the property ${shown(key)},`, value, rules.propertyValue),
    ]),
  ].filter((problem) => problem !== null)
