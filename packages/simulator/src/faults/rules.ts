import type { Fault, FaultRule } from './fault.ts'

/** An active rule. */
export interface StandingRule extends FaultRule {
  readonly id: number
  /** The number of requests that it has affected. */
  readonly struck: number
}

/** A fault that affects one request. */
export interface Strike {
  readonly id: number
  readonly fault: Fault
}

/** The active faults. Several servers may share them. */
export interface Faults {
  /** Adds a rule and returns its ID. Throws if `path` begins with `^` and is not a valid regular expression. */
  readonly add: (rule: FaultRule) => number
  /** Returns whether the rule existed. */
  readonly remove: (id: number) => boolean
  readonly clear: () => void
  readonly list: () => readonly StandingRule[]
  /** Returns the faults that affect this request, in the order of their rules, and counts the request for each. */
  readonly strike: (method: string, url: string) => readonly Strike[]
}

interface Entry {
  readonly id: number
  readonly rule: FaultRule
  readonly fits: (method: string, url: string) => boolean
  passed: number
  struck: number
}

const globToRegExp = (glob: string): RegExp =>
  new RegExp(
    `^${glob.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))}$`,
  )

const toFits = ({ method, path }: FaultRule): Entry['fits'] => {
  // Without a method, a rule applies to HTTP and not to SSH.
  const isMethod = (other: string): boolean => (method === undefined ? other !== 'SSH' : method.toUpperCase() === other)
  if (path === undefined) return isMethod
  if (path.startsWith('^')) {
    const pattern = new RegExp(path)
    return (other, url) => isMethod(other) && pattern.test(url)
  }
  const pattern = globToRegExp(path)
  return (other, url) => isMethod(other) && pattern.test(url.split('?', 1)[0] ?? '')
}

/** Creates an empty set of faults. */
export const createFaults = (): Faults => {
  const entries = new Map<number, Entry>()
  let last = 0

  const isStruck = (entry: Entry, method: string, url: string): boolean => {
    if (!entry.fits(method, url)) return false
    if (entry.passed < (entry.rule.after ?? 0)) {
      entry.passed++
      return false
    }
    if (entry.struck >= (entry.rule.times ?? Infinity)) return false
    entry.struck++
    return true
  }

  return {
    add: (rule) => {
      const fits = toFits(rule)
      entries.set(++last, { id: last, rule, fits, passed: 0, struck: 0 })
      return last
    },
    remove: (id) => entries.delete(id),
    clear: () => entries.clear(),
    list: () => [...entries.values()].map(({ id, rule, struck }) => ({ ...rule, id, struck })),
    strike: (method, url) =>
      [...entries.values()]
        .filter((entry) => isStruck(entry, method, url))
        .map(({ id, rule }) => ({ id, fault: rule.fault })),
  }
}
