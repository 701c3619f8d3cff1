import type { ParameterChange } from '@imago/core'
import type { PreflightCheck, PreflightCheckName } from './plan.ts'

const create =
  (effect: PreflightCheck['effect']) =>
  (check: PreflightCheckName, what: string, hint: string, ...changes: readonly ParameterChange[]): PreflightCheck => ({
    check,
    effect,
    what,
    hint,
    ...(changes.length === 0 ? {} : { changes }),
  })

/** A check that blocks the transfer. */
export const createBlocker = create('blocks')
/** A check that only warns. */
export const createWarning = create('warns')
