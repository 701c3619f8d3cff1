import { EXIT, type ExitCode } from './exit-code.ts'

/** Ends the command with an error message and an exit code. The command deliberately throws no other error. */
export class Problem extends Error {
  readonly exitCode: ExitCode
  /** Lines below the message, such as choices. */
  readonly lines: string | null

  constructor(message: string, exitCode: ExitCode = EXIT.error, lines: string | null = null) {
    super(message)
    this.name = 'Problem'
    this.exitCode = exitCode
    this.lines = lines
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOSPC', 'no space left on the device'],
])

/** Creates the problem for an error of the file system. */
export const fileProblem = (doing: string, file: string, error: unknown): Problem => {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = doing === 'write' && code === 'ENOENT' ? 'no such directory' : (REASONS.get(code ?? '') ?? message)
  return new Problem(`cannot ${doing} ${file}: ${reason}`)
}
