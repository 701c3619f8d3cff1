/** What stands in a clouds.yaml: whole numbers as `bigint`, others as `number`, as Python tells them apart. */
export type Value = string | bigint | number | boolean | null | readonly Value[] | Mapping

/** A mapping of YAML. A `Map`, so that `__proto__` is a key like any other. */
export type Mapping = ReadonlyMap<string, Value>

/** No keys. */
export const EMPTY: Mapping = new Map()

/** Whether it is a mapping. */
export const isMapping = (value: Value | undefined): value is Mapping => value instanceof Map

/** Whether it is a list. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

/** A mapping there, or an empty one. */
export const mappingAt = (mapping: Mapping, key: string): Mapping => {
  const value = mapping.get(key)
  return isMapping(value) ? value : EMPTY
}

/** As Python's `str(float)`: `1.0`, `1e+16`. */
const formatFloat = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value !== 0 && (exponent < -4 || exponent >= 16))
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** A text, or a number as Python writes it; `null` for all else. */
export const readText = (value: Value | undefined): string | null => {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'number' ? formatFloat(value) : null
}

const formatKey = (key: unknown): string => (typeof key === 'string' ? key : (readText(key as Value) ?? String(key)))

/** What a parser of YAML (mappings as `Map`) or JSON (as objects) gave. */
export const toValue = (parsed: unknown): Value => {
  if (Array.isArray(parsed)) return parsed.map(toValue)
  if (parsed instanceof Map) return new Map([...parsed].map(([key, value]) => [formatKey(key), toValue(value)]))
  switch (typeof parsed) {
    case 'string':
    case 'bigint':
    case 'boolean':
    case 'number':
      return parsed
    case 'object':
      return parsed === null ? null : new Map(Object.entries(parsed).map(([key, value]) => [key, toValue(value)]))
    default:
      return null
  }
}

/** Numbers that stay numbers (`openstack/config/_util.py`, `normalize_keys`). */
const NUMERIC = new Set(['api_timeout', 'verbose_level'])

/** Dashes in keys become underscores, and numbers text: `project-id: 12345` is `project_id: '12345'`. Lists stay as they are. */
export const normalized = (mapping: Mapping): Mapping =>
  new Map(
    [...mapping].map(([dashed, value]): [string, Value] => {
      const key = dashed.replaceAll('-', '_')
      if (isMapping(value)) return [key, normalized(value)]
      return [key, NUMERIC.has(key) ? value : (readText(value) ?? value)]
    }),
  )

/** Mappings are merged, deeply; of anything else, the upper wins (`_util.py`, `merge_clouds`). */
export const mergedDeeply = (lower: Mapping, upper: Mapping): Mapping => {
  const merged = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    merged.set(key, isMapping(value) && isMapping(below) ? mergedDeeply(below, value) : value)
  }
  return merged
}

/** The upper wins, except that `auth` is merged key by key (`loader.py`, `_auth_update`). */
export const layered = (lower: Mapping, upper: Mapping): Mapping => {
  const result = new Map(lower)
  for (const [key, value] of upper) {
    if (key === 'auth' && isMapping(value)) result.set('auth', new Map([...mappingAt(lower, 'auth'), ...value]))
    else if (key !== 'auth' || value !== null) result.set(key, value)
  }
  return result
}

const SECRET = /(?:password|secret|token|passcode)$/i

/** Whether a key is one whose value nobody should see. */
export const isSecretKey = (key: string): boolean => SECRET.test(key)

/** Whether there is a secret anywhere in it. */
export const holdsSecret = (value: Value | undefined): boolean => {
  if (isList(value)) return value.some(holdsSecret)
  return (
    isMapping(value) &&
    [...value].some(([key, one]) => holdsSecret(one) || (isSecretKey(key) && one !== null && one !== ''))
  )
}
