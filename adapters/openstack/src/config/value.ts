/** A value in clouds.yaml. Integers are `bigint`, other numbers `number`, because Python distinguishes them. */
export type Value = string | bigint | number | boolean | null | readonly Value[] | Mapping

/** A YAML mapping; a `Map`, so that `__proto__` is an ordinary key. */
export type Mapping = ReadonlyMap<string, Value>

export const EMPTY: Mapping = new Map()

export const isMapping = (value: Value | undefined): value is Mapping => value instanceof Map

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

/** The mapping at a key, or an empty one. */
export const mappingAt = (mapping: Mapping, key: string): Mapping => {
  const value = mapping.get(key)
  return isMapping(value) ? value : EMPTY
}

/** Formats a float as Python's `str` does: `1.0`, `1e+16`. */
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

/** Returns text, or a number as Python formats it; `null` for other types. */
export const readText = (value: Value | undefined): string | null => {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'number' ? formatFloat(value) : null
}

const formatKey = (key: unknown): string => (typeof key === 'string' ? key : (readText(key as Value) ?? String(key)))

/** Converts the output of a YAML parser (mappings as `Map`) or a JSON parser (objects). */
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

/** Settings that stay numeric (`openstack/config/_util.py`, `normalize_keys`). */
const NUMERIC = new Set(['api_timeout', 'verbose_level'])

/** Replaces dashes in keys by underscores and converts numbers to text: `project-id: 12345` becomes `project_id: '12345'`. Lists are unchanged. */
export const normalized = (mapping: Mapping): Mapping =>
  new Map(
    [...mapping].map(([dashed, value]): [string, Value] => {
      const key = dashed.replaceAll('-', '_')
      if (isMapping(value)) return [key, normalized(value)]
      return [key, NUMERIC.has(key) ? value : (readText(value) ?? value)]
    }),
  )

/** Merges mappings recursively; for other values, `upper` takes precedence (`_util.py`, `merge_clouds`). */
export const mergedDeeply = (lower: Mapping, upper: Mapping): Mapping => {
  const merged = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    merged.set(key, isMapping(value) && isMapping(below) ? mergedDeeply(below, value) : value)
  }
  return merged
}

/** `upper` takes precedence, except that `auth` is merged key by key (`loader.py`, `_auth_update`). */
export const layered = (lower: Mapping, upper: Mapping): Mapping => {
  const result = new Map(lower)
  for (const [key, value] of upper) {
    if (key === 'auth' && isMapping(value)) result.set('auth', new Map([...mappingAt(lower, 'auth'), ...value]))
    else if (key !== 'auth' || value !== null) result.set(key, value)
  }
  return result
}

const SECRET = /(?:password|secret|token|passcode)$/i

/** Whether the key's value is a secret. */
export const isSecretKey = (key: string): boolean => SECRET.test(key)

/** Whether the value contains a secret at any depth. */
export const holdsSecret = (value: Value | undefined): boolean => {
  if (isList(value)) return value.some(holdsSecret)
  return (
    isMapping(value) &&
    [...value].some(([key, one]) => holdsSecret(one) || (isSecretKey(key) && one !== null && one !== ''))
  )
}
