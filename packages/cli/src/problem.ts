import { EXIT, type ExitCode } from './exit-code.ts'

/** Ends a command with a describeEvent for its user: what, where, and what to do. The only thing the command throws. */
export class Problem extends Error {
  readonly exitCode: ExitCode
  /** Lines to stand below the describeEvent: what to choose from. */
  readonly lines: string | null

  constructor(message: string, exitCode: ExitCode = EXIT.error, lines: string | null = null) {
    super(message)
    this.name = 'Problem'
    this.exitCode = exitCode
    this.lines = lines
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOSPC', 'no space left on the device'],
])

/** What the operating system said of a file, in words. */
export const fileProblem = (doing: string, file: string, error: unknown): Problem => {
  const { code, message } = error as NodeJS.ErrnoException
  const reason =
    doing === 'write' && code === 'ENOENT' ? 'there is no such directory' : (REASONS.get(code ?? '') ?? message)
  return new Problem(`cannot ${doing} ${file}: ${reason}`)
}
