import { readFile } from 'node:fs/promises'
import { fileProblem } from '../problem.ts'

/** The maximum size of an images or lock file, in bytes. */
const LARGEST = 128 * 1024 * 1024

/** Reads a text file; `null`: it does not exist. Any other error ends the command. */
export const readText = async (file: string): Promise<string | null> => {
  const bytes = await readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileProblem('read', file, error)
  })
  if (bytes === null) return null
  if (bytes.length > LARGEST) throw fileProblem('read', file, new Error(`it is larger than ${LARGEST / 2 ** 20} MiB`))
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}
