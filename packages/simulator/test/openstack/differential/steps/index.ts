import type { Step } from '../step.ts'
import { CREATE } from './create.ts'
import { DATA } from './data.ts'
import { IMPORT } from './import.ts'
import { LIST } from './list.ts'
import { OTHERS } from './others.ts'
import { PATCH } from './patch.ts'
import { TAGS_AND_MEMBERS } from './tags-and-members.ts'
import { TOKENS_STEPS } from './tokens.ts'

/** In the order of their execution: later steps use images of earlier ones. */
export const STEPS: readonly Step[] = [
  ...CREATE,
  ...PATCH,
  ...DATA,
  ...IMPORT,
  ...TAGS_AND_MEMBERS,
  ...LIST,
  ...OTHERS,
  ...TOKENS_STEPS,
]
