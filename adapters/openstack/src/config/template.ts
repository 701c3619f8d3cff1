import { isSecretKey, readText, type Mapping } from './value.ts'

const PLACEHOLDER = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g

/**
 * Python's `str.format` with the settings of the cloud, as profiles use it: `https://{region_name}.example/v3`. `null`: it names what is not there, or
 * a secret, which must not become part of an address.
 */
export const fillTemplate = (text: string, settings: Mapping): string | null => {
  let isWhole = true
  const filled = text.replace(PLACEHOLDER, (found, key: string | undefined) => {
    if (found === '{{') return '{'
    if (found === '}}') return '}'
    const value = key === undefined || isSecretKey(key) ? null : readText(settings.get(key))
    if (value === null) isWhole = false
    return value ?? ''
  })
  return isWhole ? filled : null
}
