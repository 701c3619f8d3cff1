import type { PreflightCheck, PreflightCheckName } from './plan.ts'

export const blocks = (check: PreflightCheckName, what: string, hint: string): PreflightCheck => ({
  check,
  effect: 'blocks',
  what,
  hint,
})
export const warns = (check: PreflightCheckName, what: string, hint: string): PreflightCheck => ({
  check,
  effect: 'warns',
  what,
  hint,
})
