import { isObject } from '../json.ts'

export type Labels = Readonly<Record<string, string>>

const NAME = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const DNS_NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** https://docs.hetzner.cloud/reference/cloud#description/labels: an optional prefix and a name of 1 to 63 characters. */
export const isLabelKey = (key: string): boolean => {
  const slash = key.lastIndexOf('/')
  if (slash === -1) return NAME.test(key)
  const prefix = key.slice(0, slash)
  return prefix.length <= 253 && DNS_NAME.test(prefix) && prefix !== 'hetzner.cloud' && NAME.test(key.slice(slash + 1))
}

export const isLabelValue = (value: unknown): value is string =>
  value === '' || (typeof value === 'string' && NAME.test(value))

export const isLabels = (value: unknown): value is Labels =>
  isObject(value) && Object.entries(value).every(([key, one]) => isLabelKey(key) && isLabelValue(one))
