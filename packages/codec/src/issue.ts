import type * as t from 'io-ts'
import { describe } from './notes.ts'
import { toPointer, type Pointer } from './pointer.ts'

/** One reason why a value did not fit: where, what was expected, what kind of value stood there. Holds no value, which may be a secret. */
export interface Issue {
  readonly pointer: Pointer
  readonly expected: string
  readonly got: string
}

const keyOf = (entry: t.ContextEntry): string | number => (/^\d+$/.test(entry.key) ? Number(entry.key) : entry.key)

/** Steps that io-ts adds for the parts of intersections and unions are no part of the document. */
const isPart = (entry: t.ContextEntry | undefined): boolean => {
  const tag = (entry?.type as { readonly _tag?: string } | undefined)?._tag
  return tag === 'IntersectionType' || tag === 'UnionType'
}

const issueOf = (error: t.ValidationError): Issue => {
  const steps = error.context.slice(1).filter((_, index) => !isPart(error.context[index]))
  const last = error.context.at(-1)
  const missing = last !== undefined && error.value === undefined
  // The parts of a union or intersection are told by the whole's own name: `string or null` says more than two issues for one place.
  const whole = error.context.findLastIndex((_, index) => !isPart(error.context[index - 1]))
  const expected = error.context[whole]?.type.name
  return { pointer: toPointer(steps.map(keyOf)), expected: expected ?? 'a value', got: missing ? 'nothing' : describe(error.value) }
}

/** io-ts errors as issues: one per place, in the order of the document. */
export const issuesOf = (errors: t.Errors): readonly Issue[] => {
  const issues = new Map<Pointer, Issue>()
  for (const error of errors) {
    const issue = issueOf(error)
    if (!issues.has(issue.pointer)) issues.set(issue.pointer, issue)
  }
  return [...issues.values()]
}

/** `/images/3/id: expected string, got null` */
export const formatIssue = (issue: Issue): string => `${issue.pointer === '' ? '(whole record)' : issue.pointer}: expected ${issue.expected}, got ${issue.got}`
