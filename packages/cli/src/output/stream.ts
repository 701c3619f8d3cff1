import type { Writable } from 'node:stream'

/** Where output goes, gathered so that small pieces do not become small writes. */
export interface Output {
  readonly isTerminal: boolean
  /** Columns of the terminal; `null` where there is none, or one that does not say. */
  readonly width: number | null
  readonly write: (text: string) => void
  /** Writes bytes as they are, after all that has gathered. Waits until they are taken. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>
  /** Waits until the stream takes more, if much has gathered. */
  readonly flush: () => Promise<void>
  /** Writes what has gathered. */
  readonly end: () => Promise<void>
  /** Hands what is written from now on to `write`, which draws below it; `null`: no longer. Only what is told beside the data can be. */
  readonly divert?: (write: ((text: string) => void) | null) => void
}

type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

const ENOUGH = 256 * 1024

/** An output onto a stream. A reader that goes away (`| head`) ends the command quietly. */
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
    // 0: as in containers and under script(1), where nobody has told the terminal its size.
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

/** An output for what is told beside the data. Whether anyone still listens costs the command nothing: what it does may not be broken off. */
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
