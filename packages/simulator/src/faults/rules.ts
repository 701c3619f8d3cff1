import type { Fault, FaultRule } from './fault.ts'

/** A rule that stands, with the id to remove it by. */
export interface StandingRule extends FaultRule {
  readonly id: number
  /** How many requests it has struck. */
  readonly struck: number
}

/** What is to go wrong with one request. */
export interface Strike {
  readonly id: number
  readonly fault: Fault
}

/** The faults that stand. One may serve several servers at once. */
export interface Faults {
  /** Gives the id to remove it by. Throws where `path` is no regular expression though it begins with `^`. */
  readonly add: (rule: FaultRule) => number
  /** Whether there was one. */
  readonly remove: (id: number) => boolean
  readonly clear: () => void
  readonly list: () => readonly StandingRule[]
  /** The faults that strike this request, in the order they were added; each that is struck counts. */
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
  // What is not said to be for connections of SSH is for requests of HTTP.
  const isMethod = (other: string): boolean => (method === undefined ? other !== 'SSH' : method.toUpperCase() === other)
  if (path === undefined) return isMethod
  if (path.startsWith('^')) {
    const pattern = new RegExp(path)
    return (other, url) => isMethod(other) && pattern.test(url)
  }
  const pattern = globToRegExp(path)
  return (other, url) => isMethod(other) && pattern.test(url.split('?', 1)[0] ?? '')
}

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
