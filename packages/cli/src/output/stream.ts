import type { Writable } from 'node:stream'

/** A buffered output. */
export interface Output {
  readonly isTerminal: boolean
  /** The columns of the terminal; `null`: not a terminal, or unknown. */
  readonly width: number | null
  readonly write: (text: string) => void
  /** Writes the buffer, then the bytes unchanged. Waits until the stream accepts them. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>
  /** Writes the buffer if it is large, and waits until the stream accepts it. */
  readonly flush: () => Promise<void>
  /** Writes the buffer. */
  readonly end: () => Promise<void>
  /** Redirects further text to `write`, for progress bars; `null`: stops. Only messages can be redirected. */
  readonly divert?: (write: ((text: string) => void) | null) => void
}

type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

const ENOUGH = 256 * 1024

/** Creates an output for a stream. A closed pipe (`| head`) ends the command without an error. */
export const createOutput = (stream: OutputStream): Output => {
  let pieces: string[] = []
  let gathered = 0
  const put = (content: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(content, (error) => (error === null || error === undefined ? resolve() : reject(error)))
    })
  const send = (): Promise<void> => {
    const text = pieces.join('')
    pieces = []
    gathered = 0
    return text === '' ? Promise.resolve() : put(text)
  }
  return {
    isTerminal: stream.isTTY === true,
    // 0 in containers and under script(1): the size is unknown.
    width: stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : null,
    write: (text) => {
      pieces.push(text)
      gathered += text.length
    },
    writeBytes: async (bytes) => {
      await send()
      await put(bytes)
    },
    flush: () => (gathered >= ENOUGH || stream.isTTY === true ? send() : Promise.resolve()),
    end: send,
  }
}

/** An output for messages. Write errors, as of a closed pipe, are ignored, because they must not end the command. */
export const createMessages = (stream: OutputStream): Output => {
  const output = createOutput(stream)
  const unheard = (): void => undefined
  let diverted: ((text: string) => void) | null = null
  return {
    ...output,
    write: (text) => (diverted ?? output.write)(text),
    flush: () => output.flush().catch(unheard),
    end: () => output.end().catch(unheard),
    divert: (write) => void (diverted = write),
  }
}
