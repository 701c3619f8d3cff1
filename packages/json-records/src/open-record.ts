import { KeptBytes } from './kept-bytes.ts'
import type { RecordOutput } from './output.ts'
import type { InputWindow } from './window.ts'

/** A record that has begun. In the current window it is only an index; its bytes in earlier windows are kept. */
export class OpenRecord {
  private offset = 0
  private line = 0
  /** Where its bytes continue in the current window; -1: it is paused or not open. */
  private from = -1
  private readonly kept: KeptBytes
  private readonly output: RecordOutput

  constructor(output: RecordOutput) {
    this.kept = new KeptBytes(output.limit)
    this.output = output
  }

  begin(window: InputWindow, from: number): void {
    this.from = from
    this.offset = window.offset + from
    this.line = window.line
  }

  /** Leaves out the bytes until `resume`: the elements of a streamed array. */
  pause(window: InputWindow, to: number): void {
    this.kept.keep(window.bytes, this.from, to, window.isAscii)
    this.from = -1
  }

  resume(from: number): void {
    this.from = from
  }

  /** Must be called before the window advances. */
  carry(window: InputWindow): void {
    if (this.from < 0) return
    this.kept.keep(window.bytes, this.from, window.size, window.isAscii)
    this.from = 0
  }

  drop(): void {
    this.from = -1
    this.kept.reset()
  }

  finish(window: InputWindow, to: number, pointer: string, document: number): void {
    const { kept, from, line, offset } = this
    if (kept.length === 0) {
      this.from = -1
      this.output.emit({ bytes: window.bytes, from, to, isAscii: window.isAscii, pointer, document, line, offset })
    } else {
      kept.keep(window.bytes, from, to, window.isAscii)
      this.output.emit({
        bytes: kept.bytes,
        from: 0,
        to: kept.length,
        isAscii: kept.isAscii,
        pointer,
        document,
        line,
        offset,
      })
      this.drop()
    }
  }
}
