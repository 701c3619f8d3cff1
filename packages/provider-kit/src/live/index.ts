/** What the live halves of providers share. Loads HTTP. */
export { CARRIED_OUT_HINT, OUTCOME_UNKNOWN_HINT } from './hints.ts'
export { isSuccess } from './is-done.ts'
export { readResponse, type ResponseContext, type BodyReader } from './read-answer.ts'
