import type { Gate, GateName } from './plan.ts'

export const blocks = (gate: GateName, what: string, hint: string): Gate => ({ gate, verdict: 'blocks', what, hint })
export const warns = (gate: GateName, what: string, hint: string): Gate => ({ gate, verdict: 'warns', what, hint })
