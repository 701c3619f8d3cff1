import tabtab, { type SupportedShell } from '@pnpm/tabtab'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'

/** The shells with completion scripts. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `imago completion SHELL`: prints a script for the shell to source. The script calls `imago completion-server`. */
export const completion = async (shell: SupportedShell, output: Output): Promise<ExitCode> => {
  output.write(await tabtab.getCompletionScript({ name: 'imago', completer: 'imago', shell }))
  await output.end()
  return EXIT.done
}
