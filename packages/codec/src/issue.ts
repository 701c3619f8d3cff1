import type * as t from 'io-ts'
import { describeType } from './notes.ts'
import { toPointer, type Pointer } from './pointer.ts'

/** Why a value does not fit its codec: where, what was expected, and the type of value found. It never holds the value, which may be a secret. */
export interface Issue {
  readonly pointer: Pointer
  /** The name of the codec. */
  readonly expected: string
  /** `typeof` the value, `null`, `array`, or `nothing` if the key is missing. */
  readonly got: string
}

const toKey = (entry: t.ContextEntry): string | number => (/^\d+$/.test(entry.key) ? Number(entry.key) : entry.key)

/** io-ts adds context entries for the parts of intersections and unions, which are not steps in the document. */
const isPart = (entry: t.ContextEntry | undefined): boolean => {
  const tag = (entry?.type as { readonly _tag?: string } | undefined)?._tag
  return tag === 'IntersectionType' || tag === 'UnionType'
}

const toIssue = (error: t.ValidationError): Issue => {
  const steps = error.context.slice(1).filter((_, index) => !isPart(error.context[index]))
  const last = error.context.at(-1)
  const missing = last !== undefined && error.value === undefined
  // For a part of a union or intersection, the name of the whole: `string or null` is clearer than an issue for each part.
  const whole = error.context.findLastIndex((_, index) => !isPart(error.context[index - 1]))
  const expected = error.context[whole]?.type.name
  return {
    pointer: toPointer(steps.map(toKey)),
    expected: expected ?? 'a value',
    got: missing ? 'nothing' : describeType(error.value),
  }
}

/** Errors of io-ts as issues: one for each pointer, in the order of the document. */
export const toIssues = (errors: t.Errors): readonly Issue[] => {
  const issues = new Map<Pointer, Issue>()
  for (const error of errors) {
    const issue = toIssue(error)
    if (!issues.has(issue.pointer)) issues.set(issue.pointer, issue)
  }
  return [...issues.values()]
}

/** Formats an issue: `/images/3/id: expected string, got null`. */
export const formatIssue = (issue: Issue): string =>
  `${issue.pointer === '' ? '(whole record)' : issue.pointer}: expected ${issue.expected}, got ${issue.got}`
