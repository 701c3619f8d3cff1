import type { Output } from '../src/output/stream.ts'

/** An output that stores its text in memory. */
export interface MemoryOutput extends Output {
  readonly text: () => string
  readonly lines: () => readonly string[]
}

export const memoryOutput = ({
  isTerminal = false,
  width = null,
}: { readonly isTerminal?: boolean; readonly width?: number | null } = {}): MemoryOutput => {
  const pieces: string[] = []
  const text = (): string => pieces.join('')
  return {
    isTerminal,
    width,
    write: (piece) => void pieces.push(piece),
    writeBytes: async (bytes) => void pieces.push(Buffer.from(bytes).toString('latin1')),
    flush: () => Promise.resolve(),
    end: () => Promise.resolve(),
    text,
    lines: () => text().split('\n').slice(0, -1),
  }
}
