import { readWantedImages, type WantedImages, type ImagesFileIssue } from '@imago/lock'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../exit-code.ts'
import { readYamlValues } from '../input/yaml.ts'
import { Problem } from '../problem.ts'
import { readText } from './read-file.ts'
import { createLineFinder } from './line-finder.ts'

const EXAMPLE = 'images:\n  web: { want: ubuntu@24.04/x86_64, on: [production] }'

const issueText = ({ pointer, problem }: ImagesFileIssue, line: number | null): string =>
  `${line === null ? '' : `line ${line}: `}${pointer}: ${problem}`

/** Reads an images file. Invalid entries end the command, with the line of each. */
export const readImagesFile = async (file: string): Promise<WantedImages> => {
  const text = await readText(file)
  if (text === null) throw new Problem(`cannot read ${file}: no such file. Create one, such as:`, EXIT.error, EXAMPLE)
  const read = readYamlValues(text)
  if ('problem' in read) throw new Problem(`${file}, line ${read.line}: ${read.problem}`)
  if (read.values.length > 1) throw new Problem(`${file}: expected one YAML document, found ${read.values.length}`)
  const wanted = readWantedImages(read.values[0] ?? {})
  if (E.isRight(wanted)) return wanted.right
  const findLine = createLineFinder(text)
  const lines = wanted.left.map((issue) => issueText(issue, findLine(issue.pointer)))
  throw new Problem(
    `${file}: ${lines.length === 1 ? '1 error' : `${lines.length} errors`}`,
    EXIT.error,
    lines.join('\n'),
  )
}
