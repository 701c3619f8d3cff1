import { describe, expect, it } from '@jest/globals'
import {
  createRunLabels,
  createRunName,
  createTemporaryLabels,
  createTemporaryName,
  findRunProblem,
  isTemporary,
  isTemporaryOf,
  readRunLabel,
} from '../src/run-tags.ts'

describe('createTemporaryLabels', () => {
  const labels = createTemporaryLabels('run-1')

  it('returns labels that name the run', () => expect(readRunLabel(labels)).toBe('run-1'))
  it('returns labels of a temporary resource', () => expect(isTemporary(labels)).toBe(true))
  it('returns labels of this run only', () => {
    expect(isTemporaryOf('run-1', labels)).toBe(true)
    expect(isTemporaryOf('run-2', labels)).toBe(false)
  })
})

describe('createRunLabels', () => {
  it('returns the run, and its epoch if it is known', () => {
    expect(createRunLabels('run-1', 3)).toEqual({ 'imago-run': 'run-1', 'imago-run-epoch': '3' })
    expect(createRunLabels('run-1')).toEqual({ 'imago-run': 'run-1' })
  })
})

describe('isTemporaryOf', () => {
  it.each([
    ['no labels', null],
    ['another value', { imago: 'kept', 'imago-run': 'run-1' }],
    ['the run alone', { 'imago-run': 'run-1' }],
  ])('returns false for %s', (_, labels) => expect(isTemporaryOf('run-1', labels)).toBe(false))
})

describe('findRunProblem', () => {
  it.each(['a', 'run-1', 'x'.repeat(40)])('accepts %j', (run) => expect(findRunProblem(run)).toBeNull())
  it.each(['', '-a', 'a-', 'a b', 'ä', 'x'.repeat(41)])('refuses %j', (run) =>
    expect(findRunProblem(run)).toMatch(/^invalid name of a run: "/),
  )
  it('accepts every name of createRunName', () => expect(findRunProblem(createRunName())).toBeNull())
})

describe('createTemporaryName', () => {
  it('returns different host names for one run', () => {
    const names = Array.from({ length: 20 }, () => createTemporaryName('run-1'))
    expect(new Set(names).size).toBe(20)
    for (const name of names) expect(name).toMatch(/^imago-run-1-[0-9a-f]{8}$/)
  })
})
