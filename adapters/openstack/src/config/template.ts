import { isSecretKey, readText, type Mapping } from './value.ts'

const PLACEHOLDER = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g

/**
 * Fills in placeholders as Python's `str.format` does: `https://{region_name}.example/v3`.
 * `null` if a placeholder is unknown or names a secret, which must not become part of an address.
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
