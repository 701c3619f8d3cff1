import type { AbortSignalLike } from '@imago/core'
import { spawn } from 'node:child_process'

/** The end of a program. */
export interface Ended {
  /** Exit code; `null`: it ended by a signal, or did not start. */
  readonly code: number | null
  readonly signal: string | null
  /** The reason if imago stopped it, or if it did not start; `null`: it ended by itself. */
  readonly stopped: 'aborted' | 'timeout' | 'not-started' | null
  /** The last 16 KiB of its standard output. */
  readonly output: string
  /** The last 16 KiB of its standard error. */
  readonly errors: string
}

export interface ExecuteOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignalLike | undefined
  readonly directory?: string | undefined
  readonly onOutput?: ((text: string) => void) | undefined
}

const KEPT = 16 * 1024

/**
 * Runs a program without a shell, without input, and without the environment of this process, which may hold credentials.
 * It and its children are killed when the signal is aborted or the timeout expires. Never rejects.
 */
export const execute = (
  program: string,
  args: readonly string[],
  { timeoutMs, signal, directory, onOutput }: ExecuteOptions,
): Promise<Ended> =>
  new Promise((resolve) => {
    let [output, errors] = ['', '']
    let stopped: Ended['stopped'] = null
    const child = spawn(program, [...args], {
      cwd: directory,
      env: { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      shell: false,
    })
    const stop = (why: 'aborted' | 'timeout'): void => {
      stopped ??= why
      if (child.pid === undefined) return
      try {
        // Its process group, which includes its children.
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    const abort = (): void => stop('aborted')
    const timer = setTimeout(() => stop('timeout'), timeoutMs)
    const end = (code: number | null, by: string | null): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve({ code, signal: by, stopped, output, errors })
    }
    child.once('error', () => {
      stopped ??= 'not-started'
      end(null, null)
    })
    child.once('close', end)
    // A program that could not be started may have no streams.
    if (child.pid === undefined) return
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT)
      onOutput?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (errors = (errors + text).slice(-KEPT)))
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
