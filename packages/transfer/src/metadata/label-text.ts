/**
 * A key or value of a label, as in Kubernetes and at Hetzner (hcloud-go: hcloud/labels.go): up to 63 letters, digits, dashes, underscores and dots,
 * with a letter or digit at both ends.
 */
const PLAIN = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const LONGEST = 63

/** A prefix is a DNS subdomain. */
const PREFIX = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?$/

/** Whether key and value form a valid label. */
export const isLabel = (key: string, value: string): boolean => {
  const slash = key.indexOf('/')
  const isKey = PLAIN.test(key.slice(slash + 1)) && (slash === -1 || PREFIX.test(key.slice(0, slash)))
  return isKey && (value === '' || PLAIN.test(value))
}

/** Why a text does not fit into a label. */
export const TOO_LONG = 'too long for a label'

/** `null`: too long, or not well-formed Unicode. */
const encode = (text: string, before: string, after: string): string | null => {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.toString('utf8') !== text) return null
  const code = `${before}${bytes.toString('base64url')}${after}`
  return code.length <= LONGEST ? code : null
}

const decode = (code: string, before: string, after: string): string | null => {
  if (!code.startsWith(before) || !code.endsWith(after) || code.length < before.length + after.length) return null
  return Buffer.from(code.slice(before.length, code.length - after.length), 'base64url').toString('utf8')
}

const VALUE = ['b64.', '.e'] as const
const KEY = ['b', 'e'] as const

/** Encodes a text as the value of a label; `null`: it does not fit. */
export const toLabelValue = (text: string): string | null => {
  if (text === '' || (PLAIN.test(text) && !text.startsWith(VALUE[0]))) return text
  return encode(text, ...VALUE)
}

/** Decodes a value of `toLabelValue`; `null`: not one of its values. */
export const fromLabelValue = (value: string): string | null => {
  const text = decode(value, ...VALUE) ?? value
  return toLabelValue(text) === value ? text : null
}

/** What a label of imago stores. Its key is `imago.KIND/TEXT`, or `imago.KIND64/…` if the text is not valid in a key. */
export type LabelKind = 'property' | 'tag' | 'field'

/** Encodes a text as the key of a label; `null`: it does not fit. */
export const toLabelKey = (kind: LabelKind, text: string): string | null => {
  if (PLAIN.test(text)) return `imago.${kind}/${text}`
  const code = encode(text, ...KEY)
  return code === null ? null : `imago.${kind}64/${code}`
}

/** Decodes a key of `toLabelKey`; `null`: not one of its keys. */
export const fromLabelKey = (key: string): { readonly kind: LabelKind; readonly text: string } | null => {
  const match = /^imago\.(property|tag|field)(64)?\/(.*)$/s.exec(key)
  if (match === null) return null
  const kind = match[1] as LabelKind
  const rest = match[3] ?? ''
  const text = match[2] === undefined ? rest : decode(rest, ...KEY)
  return text !== null && toLabelKey(kind, text) === key ? { kind, text } : null
}

const PROPERTY_PREFIX = 'imago_label_'

/**
 * The name of the property that stores a label; `null`: it does not fit. A capital X is written as `+x`, because some databases compare
 * the names of properties regardless of case.
 */
export const toPropertyName = (label: string): string | null => {
  const name = PROPERTY_PREFIX + label.replace(/[A-Z]/g, (capital) => `+${capital.toLowerCase()}`)
  return fromPropertyName(name) === label ? name : null
}

/** The key of the label that a property stores; `null`: it stores none. */
export const fromPropertyName = (name: string): string | null => {
  if (!name.startsWith(PROPERTY_PREFIX)) return null
  const code = name.slice(PROPERTY_PREFIX.length)
  if (code === '' || /[A-Z]/.test(code) || /\+(?![a-z])/.test(code)) return null
  return code.replace(/\+([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
