import { createInterface } from 'node:readline/promises'

/** Asks a question that is answered by yes or no. */
export type Confirm = (question: string) => Promise<boolean>

/** Asks on the terminal of this process; `null` where there is none. Anything but yes is no. */
export const terminalConfirm = ({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Confirm | null => {
  if (!stdin.isTTY) return null
  return async (question) => {
    const prompt = createInterface({ input: stdin, output: stderr })
    // Ctrl-D and Ctrl-C answer nothing.
    const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
    const answer = await Promise.race([prompt.question(`${question} [y/N] `).catch(() => ''), ended])
    prompt.close()
    return /^y(es)?$/i.test(answer.trim())
  }
}
