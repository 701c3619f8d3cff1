import { toInstant } from '@imago/codec'
import { type Dialect, isJsonObject } from '@imago/core/provider'
import { recognizeHetzner } from './recognize-image.ts'

/** `repr` of hcloud-python's `DeprecationInfo`, with `datetime`s: `announced=datetime.datetime(2026, 9, 1, 0, 0, tzinfo=tzutc()), …`. */
const DEPRECATION_START = 'DeprecationInfo(announced='

const DEPRECATION_MIDDLE = ', unavailable_after='

const PYTHON_DATETIME =
  /^datetime\.datetime\((\d{1,4}), (\d{1,2}), (\d{1,2}), (\d{1,2}), (\d{1,2})(?:, (\d{1,2}))?(?:, (\d{1,6}))?, tzinfo=(?:tzutc\(\)|datetime\.timezone\.utc)\)$/

/** `undefined`: not a `datetime` in UTC. */
const parsePythonInstant = (text: string): string | null | undefined => {
  if (text === 'None') return null
  const match = PYTHON_DATETIME.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0', fraction = '0'] = match
  const two = (digits: string): string => digits.padStart(2, '0')
  return `${year.padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${fraction.padStart(6, '0')}Z`
}

/** Any other text stays unchanged, and is reported as drift. */
const parsePythonDeprecation = (text: string): unknown => {
  const middle = text.indexOf(DEPRECATION_MIDDLE)
  if (!text.startsWith(DEPRECATION_START) || middle === -1 || !text.endsWith(')')) return text
  const announced = parsePythonInstant(text.slice(DEPRECATION_START.length, middle))
  const unavailable_after = parsePythonInstant(text.slice(middle + DEPRECATION_MIDDLE.length, -1))
  return announced === undefined || unavailable_after === undefined ? text : { announced, unavailable_after }
}

/** hcloud-python's servers are objects; `default=str` writes `<hcloud.servers.client.BoundServer object at 0x…>`, which is reported as drift. */
const fromPython = (key: string, value: unknown): unknown => {
  if (key === 'deprecation' && typeof value === 'string') return parsePythonDeprecation(value)
  return key === 'bound_to' && isJsonObject(value) ? (value['id'] ?? undefined) : value
}

const isPythonDate = (value: unknown): boolean =>
  typeof value === 'string' && value[10] === ' ' && toInstant(value) !== undefined

const isPythonObject = (value: unknown): boolean => typeof value === 'string' && value.startsWith('<hcloud.')

const isPythonRepr = (value: unknown): boolean => typeof value === 'string' && value.startsWith('DeprecationInfo(')

/** The attributes of hcloud-python's `Image`, with dates by Python's `str` and servers as objects. With `isoformat` and IDs, it is the API's shape. */
export const hcloudPython: Dialect = {
  name: 'hcloud-python',
  title: 'attributes of hcloud-python’s Image',
  recognize: (record) =>
    isPythonDate(record['created']) ||
    isPythonDate(record['deprecated']) ||
    isJsonObject(record['bound_to']) ||
    isPythonObject(record['bound_to']) ||
    isPythonObject(record['created_from']) ||
    isPythonRepr(record['deprecation'])
      ? recognizeHetzner(record)
      : null,
  translation: { respell: fromPython },
}
