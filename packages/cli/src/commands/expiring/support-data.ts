import { supportData, type SupportData } from '@imago/crosswalk/support'
import { readSupportData } from '@imago/lifecycle'
import { parseJson } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { readFile } from 'node:fs/promises'
import { EXIT } from '../../exit-code.ts'
import { fileProblem, Problem } from '../../problem.ts'

/** Reads support dates from a file, by default the ones included in imago. */
export const loadSupportData = async (file: string | undefined): Promise<SupportData> => {
  if (file === undefined) return supportData
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw fileProblem('read', file, error)
  })
  const json = parseJson(text)
  if (E.isLeft(json)) throw new Problem(`--eol-data: ${file} ${json.left}`, EXIT.usage)
  const data = readSupportData(json.right)
  if (E.isLeft(data))
    throw new Problem(
      `--eol-data: ${file} does not match the schema that imago schema support prints: ${data.left}`,
      EXIT.usage,
    )
  return data.right
}
