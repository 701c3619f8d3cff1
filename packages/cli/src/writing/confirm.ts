import { createInterface } from 'node:readline/promises'

/** Asks a yes-or-no question. */
export type Confirm = (question: string) => Promise<boolean>

/** Asks on the terminal; `null` if standard input is not a terminal. Any reply but yes means no. Ctrl-C interrupts the process as usual. */
export const terminalConfirm = (process: Pick<NodeJS.Process, 'stdin' | 'stderr' | 'emit'>): Confirm | null => {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return null
  return async (question) => {
    const prompt = createInterface({ input: stdin, output: stderr })
    // The prompt consumes Ctrl-C; pass it on to the process.
    prompt.once('SIGINT', () => {
      process.emit('SIGINT')
      prompt.close()
    })
    // Ctrl-D closes the prompt without a reply.
    const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
    const reply = await Promise.race([prompt.question(`${question} [y/N] `).catch(() => ''), ended])
    prompt.close()
    return /^y(es)?$/i.test(reply.trim())
  }
}
