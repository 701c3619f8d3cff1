import { readFile } from 'node:fs/promises'
import { fileProblem } from '../problem.ts'

/** In bytes. A larger file is neither of wishes nor of pins. */
const LARGEST = 128 * 1024 * 1024

/** The text of a file; `null`: there is none. Anything else ends the command. */
export const readText = async (file: string): Promise<string | null> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileProblem('read', file, error)
  })
  if (bytes === null) return null
  if (bytes.length > LARGEST) throw fileProblem('read', file, new Error(`it is larger than ${LARGEST / 2 ** 20} MiB`))
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}
