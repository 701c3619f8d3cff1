/** What the live halves of providers share. Loads HTTP. */
export { DONE_UNREAD, LOOK_FIRST } from './hints.ts'
export { isDone } from './is-done.ts'
export { readAnswer, type AnswerContext, type BodyReader } from './read-answer.ts'
