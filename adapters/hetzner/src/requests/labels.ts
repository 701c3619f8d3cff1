// The grammar of labels: hcloud-go's hcloud/labels.go. A prefix is a DNS subdomain.
const KEY_PATTERN =
  /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?[/])?[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/u
const VALUE_PATTERN = /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/u

/** A regular expression of a whole key. */
export const LABEL_KEY = KEY_PATTERN.source
/** A regular expression of a whole value. */
export const LABEL_VALUE = VALUE_PATTERN.source

const KEY_RULE =
  'a key is up to 63 letters, digits, dashes, underscores and dots, begins and ends with a letter or digit, and may have a prefix before a slash'
const VALUE_RULE =
  'a value is empty, or up to 63 letters, digits, dashes, underscores and dots, begins and ends with a letter or digit'

/** Whether a label can have this key. */
export const isLabelKey = (key: string): boolean => KEY_PATTERN.test(key)

/** Whether a label can have this value. */
export const isLabelValue = (value: string): boolean => VALUE_PATTERN.test(value)

/** What is wrong with labels; `null`: nothing. Hetzner's own error names neither the label nor the rule. */
export const findLabelProblem = (labels: Readonly<Record<string, string>> | undefined): string | null => {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isLabelKey(key)) return `invalid label key ${JSON.stringify(key)}: ${KEY_RULE}`
    if (!isLabelValue(value)) return `invalid value ${JSON.stringify(value)} of label ${key}: ${VALUE_RULE}`
  }
  return null
}

/** Hetzner sets labels with this prefix itself. */
export const RESERVED = 'hetzner.cloud/'

/** `findLabelProblem` of labels that a user sets. */
export const findNewLabelProblem = (labels: Readonly<Record<string, string>> | undefined): string | null => {
  const reserved = Object.keys(labels ?? {}).find((key) => key.startsWith(RESERVED))
  return reserved === undefined
    ? findLabelProblem(labels)
    : `the label ${reserved} is reserved: Hetzner sets keys that begin with ${RESERVED}`
}
