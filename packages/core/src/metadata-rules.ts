import type { NewImage } from './request.ts'

/** What a provider takes as one text. Plain JSON. */
export interface TextRule {
  /** The most characters (code points); `null`: no limit is known. */
  readonly longest: number | null
  /** A regular expression (flag `u`) that the whole text matches; `null`: any text. Linear: it meets foreign text. */
  readonly pattern: string | null
  /** Texts that are the provider's own, or imago's; one that ends in `*` is the beginning of such texts. */
  readonly reserved: readonly string[]
  /** The rule in words, as the second half of `a key must …`. */
  readonly words: string
}

/** What a provider takes as the metadata of an image, so that what it would refuse is known before any bytes are moved. Absent: no rule is known. */
export interface MetadataRules {
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

const isReserved = (text: string, { reserved }: TextRule): boolean => reserved.some((one) => (one.endsWith('*') ? text.startsWith(one.slice(0, -1)) : text === one))

/** No provider takes more code points in one text, so a longer one is not counted. */
const MOST_COUNTED = 70_000

const isLonger = (text: string, most: number): boolean => text.length > most && (text.length > 2 * Math.max(most, MOST_COUNTED) || [...text].length > most)

/** Why `text` is not taken as `what`; `null`: it is. */
const problemOf = (what: string, text: string | undefined, rule: TextRule | undefined): string | null => {
  if (text === undefined || rule === undefined) return null
  if (isReserved(text, rule)) return `${what} ${shown(text)} is reserved`
  if (rule.longest !== null && isLonger(text, rule.longest)) return `${what} ${shown(text)} is longer than ${rule.longest} characters`
  return rule.pattern === null || new RegExp(rule.pattern, 'u').test(text) ? null : `${what} ${shown(text)} is not accepted: it must ${rule.words}`
}

/** Why a provider with these rules would refuse the metadata of `request`: a sentence for each text. Pure; total. */
export const metadataProblems = ({ name, description, labels = {}, tags = [], properties = {} }: Omit<NewImage, 'diskFormat'>, rules: MetadataRules): readonly string[] =>
  [
    problemOf('the name', name, rules.name),
    problemOf('the description', description, rules.description),
    ...Object.entries(labels).flatMap(([key, value]) => [problemOf('the label key', key, rules.labelKey), problemOf(`the value of the label ${shown(key)},`, value, rules.labelValue)]),
    ...tags.map((tag) => problemOf('the tag', tag, rules.tag)),
    ...Object.entries(properties).flatMap(([key, value]) => [problemOf('the property name', key, rules.propertyName), problemOf(`the value of the property ${shown(key)},`, value, rules.propertyValue)]),
  ].filter((problem) => problem !== null)
