import { isUtf8 } from 'node:buffer'
import type { SplitProblem, SplitSink, SplitText } from './json-splitter.ts'

/** The bytes of a record, and where they come from. */
export interface RecordBytes {
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
  readonly isAscii: boolean
  readonly pointer: string
  readonly document: number
  readonly line: number
  readonly offset: number
}

/** Turns the bytes of records into text and values, and hands them to the sink. */
export class RecordOutput {
  readonly limit: number
  private readonly parse: (text: string) => unknown
  private readonly sink: SplitSink

  constructor(limit: number, parse: (text: string) => unknown, sink: SplitSink) {
    this.limit = limit
    this.parse = parse
    this.sink = sink
  }

  problem(problem: SplitProblem): void {
    this.sink.problem(problem)
  }

  /** For bytes that are known to be one record. */
  emit(record: RecordBytes): void {
    const length = record.to - record.from
    if (length > this.limit) return this.complain(record, `a record of ${length} bytes was skipped: the limit is ${this.limit} bytes`)
    const text = this.decode(record)
    const { pointer, document, line, offset } = record
    const found: SplitText = { text, pointer, document, line, offset }
    let value: unknown
    try {
      value = this.parse(text)
    } catch (error) {
      return this.sink.malformed(found, error)
    }
    this.sink.record({ text, value, pointer, document, line, offset })
  }

  /** For bytes that may be one record: does nothing and returns false unless `parse` takes them, and `isRecord` what it makes of them. */
  emitIfValid(record: RecordBytes, isRecord: (value: unknown) => boolean): boolean {
    const { bytes, from, to, isAscii, pointer, document, line, offset } = record
    const text = bytes.toString(isAscii ? 'latin1' : 'utf8', from, to)
    let value: unknown
    try {
      value = this.parse(text)
    } catch {
      return false
    }
    if (!isRecord(value)) return false
    if (!isAscii) this.complainIfReplaced(record, text)
    this.sink.record({ text, value, pointer, document, line, offset })
    return true
  }

  private decode(record: RecordBytes): string {
    const { bytes, from, to, isAscii } = record
    if (isAscii) return bytes.toString('latin1', from, to)
    const text = bytes.toString('utf8', from, to)
    this.complainIfReplaced(record, text)
    return text
  }

  private complainIfReplaced(record: RecordBytes, text: string): void {
    // U+FFFD may stand in the input itself, so its presence is only a hint.
    if (text.includes('\ufffd') && !isUtf8(record.bytes.subarray(record.from, record.to))) {
      this.complain(record, 'a record is not valid UTF-8: the wrong bytes were replaced by U+FFFD', true)
    }
  }

  private complain({ offset, line, pointer }: RecordBytes, reason: string, kept = false): void {
    this.sink.problem({ reason, offset, line, pointer, fatal: false, ...(kept ? { kept } : {}) })
  }
}
