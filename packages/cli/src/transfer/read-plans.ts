import { parseJson, readPlan, type Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { createReadStream } from 'node:fs'
import { toProblem } from '../live-problem.ts'
import { fileProblem, Problem } from '../problem.ts'

const PLANS = 'urn:imago:schema:plans:1'

const NAME_A_PLAN = 'Name a file written by imago plan -o json'

const parseDocuments = (file: string, text: string): readonly unknown[] => {
  const parsed = parseJson(text)
  if (E.isLeft(parsed)) throw new Problem(`cannot read ${file}: it ${parsed.left}. ${NAME_A_PLAN}`)
  const document = parsed.right
  const { $schema, plans } =
    typeof document === 'object' && document !== null
      ? (document as { readonly $schema?: unknown; readonly plans?: unknown })
      : {}
  return $schema === PLANS && Array.isArray(plans) ? plans : [document]
}

/** Enough for more than ten thousand plans. */
const MAX_BYTES = 256 * 2 ** 20

/** Reads a file of plans or transfers; `-` is standard input. */
export const readPlanText = async (file: string, stdin: NodeJS.ReadableStream): Promise<string> => {
  const stream = file === '-' ? stdin : createReadStream(file)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      chunks.push(bytes)
      size += bytes.length
      if (size > MAX_BYTES) break
    }
  } catch (error) {
    throw fileProblem('read', file, error)
  }
  if (size > MAX_BYTES)
    throw new Problem(`cannot read ${file}: it is larger than ${MAX_BYTES / 2 ** 20} MiB, the limit of plan files`)
  return Buffer.concat(chunks).toString('utf8')
}

/** Parses the plans of a file written by `imago plan -o json`. */
export const parsePlans = (file: string, text: string): readonly Plan[] =>
  parseDocuments(file, text).map((document) => {
    const plan = readPlan(document)
    if (E.isLeft(plan)) {
      const isPlan = plan.left._tag !== 'DecodeFailed' || plan.left.issues.length === 0
      throw toProblem({ ...plan.left, operation: `read ${file}`, hint: isPlan ? plan.left.hint : NAME_A_PLAN })
    }
    return plan.right
  })

/** The plans in a file written by `imago plan -o json`. */
export const readPlans = async (file: string, stdin: NodeJS.ReadableStream): Promise<readonly Plan[]> =>
  parsePlans(file, await readPlanText(file, stdin))
