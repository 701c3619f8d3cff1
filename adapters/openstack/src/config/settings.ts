import type { ErrorDetails } from '@imago/core/provider'
import { findUrlProblem } from '@imago/provider-kit'
import { fillTemplate } from './template.ts'
import { mappingAt, readText, type Mapping, type Value } from './value.ts'

/** A fault in the settings. `missing`: the name of the required setting that is not set. */
export interface SettingFault extends ErrorDetails {
  readonly missing?: string
}

/** Reads the settings of one cloud in one region and collects faults. */
export interface Settings {
  readonly region: string | null
  /** The unconverted value. */
  readonly value: (key: string) => Value | undefined
  /** A text with placeholders such as `{region_name}` filled in; `null` if not set. */
  readonly text: (key: string) => string | null
  /** A non-negative integer. */
  readonly count: (key: string) => number | null
  /** A validated address with placeholders filled in. */
  readonly url: (key: string) => string | null
  /** A key of `auth`, else of the cloud (`loader.py`, `_validate_auth`). Placeholders are not filled in. */
  readonly auth: (key: string, alias?: string) => string | null
  readonly authUrl: () => string | null
  readonly authList: (key: string) => Value | undefined
  readonly fault: (wording: ErrorDetails) => void
  /** Records that a required setting is missing. */
  readonly missing: (name: string, hint: string) => void
  readonly faults: readonly SettingFault[]
}

/** Creates a reader for the settings of one cloud in one region, in the current spelling. */
export const createSettings = (all: Mapping, region: string | null): Settings => {
  const faults: SettingFault[] = []
  const inAuth = mappingAt(all, 'auth')

  const plain = (key: string, value: Value | undefined): string | null => {
    if (value === undefined || value === null || value === '') return null
    const text = readText(value)
    if (text === null)
      faults.push({
        what: `${key} is not text, but ${typeof value === 'boolean' ? 'a boolean' : 'a list or mapping'}`,
        hint: 'Put its value between quotes',
      })
    return text
  }
  const filled = (key: string, text: string | null): string | null => {
    if (text === null) return null
    const result = fillTemplate(text, all)
    if (result === null)
      faults.push({
        what: `${key} has an unknown placeholder in braces`,
        hint: 'Use {region_name}, or double the braces to keep them',
      })
    return result
  }
  const checked = (key: string, text: string | null): string | null => {
    const fault = text === null ? null : findUrlProblem(key, text)
    if (fault === null) return text
    faults.push(fault)
    return null
  }
  const auth = (key: string, alias?: string): string | null => {
    const inside = plain(`auth.${key}`, inAuth.get(key) ?? (alias === undefined ? undefined : inAuth.get(alias)))
    return inside ?? plain(key, all.get(key) ?? (alias === undefined ? undefined : all.get(alias)))
  }
  const text = (key: string): string | null => filled(key, plain(key, all.get(key)))

  return {
    region,
    value: (key) => all.get(key),
    text,
    count: (key) => {
      const found = text(key)
      if (found === null) return null
      if (/^\s*\+?\d{1,9}\s*$/.test(found)) return Number(found)
      faults.push({ what: `${key} is not a whole number`, hint: 'Set it to a number such as 5' })
      return null
    },
    url: (key) => checked(key, text(key)),
    auth,
    authUrl: () => checked('auth_url', filled('auth_url', auth('auth_url'))),
    authList: (key) => inAuth.get(key) ?? all.get(key),
    fault: (wording) => void faults.push(wording),
    missing: (name, hint) => void faults.push({ what: `missing ${name}`, hint, missing: name }),
    faults,
  }
}
