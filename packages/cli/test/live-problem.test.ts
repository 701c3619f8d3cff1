import {
  aborted,
  forbidden,
  integrityFailed,
  notFound,
  createErrorSite,
  unavailable,
  unsafeImage,
  type ImageError,
} from '@imago/core'
import { expect, it } from '@jest/globals'
import { errorsToExitCode } from '../src/live-problem.ts'

const site = createErrorSite({ provider: 'memory', cloud: 'prod' }, 'move')
const wrong = integrityFailed(site, { what: 'wrong', expected: 'a', actual: 'b' })
const unsafe = unsafeImage(site, { what: 'unsafe', check: 'backing_file' })
const locked = forbidden(site, { what: 'protected', reason: 'protected' })
const down = unavailable(site, { what: 'down' })
const missing = notFound(site, { what: 'missing' })

it.each<[string, readonly ImageError[], number]>([
  ['none', [], 0],
  ['all temporary', [down, down], 5],
  ['all refused, for different reasons', [wrong, unsafe, locked], 6],
  ['some refused, some temporary', [wrong, down], 1],
  ['all missing', [missing, missing], 1],
  ['one interrupted', [wrong, aborted(site)], 130],
])('returns the exit code of several errors: %s', (_, errors, code) => {
  expect(errorsToExitCode(errors)).toBe(code)
})
