import { createInterface } from 'node:readline/promises'

/** Asks a question that is answered by yes or no. */
export type Confirm = (question: string) => Promise<boolean>

/** Asks on the terminal of this process; `null` where there is none. Anything but yes is no; Ctrl-C interrupts the process as at any other time. */
export const terminalConfirm = (process: Pick<NodeJS.Process, 'stdin' | 'stderr' | 'emit'>): Confirm | null => {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return null
  return async (question) => {
    const prompt = createInterface({ input: stdin, output: stderr })
    // A prompt takes Ctrl-C for itself, and the process hears nothing of it.
    prompt.once('SIGINT', () => {
      process.emit('SIGINT')
      prompt.close()
    })
    // Ctrl-D answers nothing.
    const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
    const answer = await Promise.race([prompt.question(`${question} [y/N] `).catch(() => ''), ended])
    prompt.close()
    return /^y(es)?$/i.test(answer.trim())
  }
}
