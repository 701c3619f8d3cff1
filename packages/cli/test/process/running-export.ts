import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hetzner } from '../records.ts'
import { BIN, type Ran } from './imago.ts'

/** An `imago export` that reads its images from a pipe, so that it runs until the test ends it. */
export interface RunningExport {
  /** Writes records of Hetzner Cloud with the IDs from `first` to `last`. */
  readonly write: (first: number, last: number) => Promise<void>
  /** Ends the input, and waits for the end of the process. */
  readonly finish: () => Promise<Ran>
  /** Ends the input. The process continues. */
  readonly endInput: () => void
  /** Kills the process with SIGKILL, and waits for its end. */
  readonly kill: () => Promise<void>
}

/** Starts `imago export TARGET --from -` for the cloud `production`. `at`: the time of the run. */
export const startExport = (target: string, at: string): RunningExport => {
  const child = spawn(
    process.execPath,
    [BIN, 'export', target, '--from', '-', '--cloud', 'production', '--complete', '--at', at],
    { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'pipe' },
  )
  const closed = once(child, 'close')
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // The process may end before it has read everything.
  child.stdin.on('error', () => undefined)
  const endInput = (): void => void child.stdin.end()
  return {
    write: async (first, last) => {
      const lines = Array.from(
        { length: last - first + 1 },
        (_, index) => `${JSON.stringify(hetzner({ id: first + index }))}\n`,
      )
      if (!child.stdin.write(lines.join(''))) await Promise.race([once(child.stdin, 'drain'), closed])
    },
    finish: async () => {
      endInput()
      const [code] = (await closed) as [number | null]
      return { code, stdout, stderr }
    },
    endInput,
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
  }
}
