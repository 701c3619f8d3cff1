import type { SplitProblem, SplitSink, SplitText } from './sink.ts'
import { findInvalidByte, countNewlines, describeInvalidByte } from './utf8.ts'

/** The bytes of a record and their position in the input. */
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

/** Decodes and parses the bytes of records, and passes the results to the sink. */
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

  /** Emits bytes that are one record. */
  emit(record: RecordBytes): void {
    const length = record.to - record.from
    if (length > this.limit)
      return this.report(record, `a record of ${length} bytes was skipped: the limit is ${this.limit} bytes`)
    const text = this.decode(record)
    if (text === null) return
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

  /** Emits bytes that may be one record: returns false and does nothing unless `parse` and `isRecord` accept them. */
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
    if (!isAscii && this.isRefused(record, text)) return true
    this.sink.record({ text, value, pointer, document, line, offset })
    return true
  }

  /** `null`: the bytes are not UTF-8. A record with replaced characters is not emitted. */
  private decode(record: RecordBytes): string | null {
    const { bytes, from, to, isAscii } = record
    if (isAscii) return bytes.toString('latin1', from, to)
    const text = bytes.toString('utf8', from, to)
    return this.isRefused(record, text) ? null : text
  }

  private isRefused(record: RecordBytes, text: string): boolean {
    // The input itself can contain U+FFFD, so its presence is only a hint.
    if (!text.includes('\ufffd')) return false
    const bytes = record.bytes.subarray(record.from, record.to)
    const at = findInvalidByte(bytes)
    if (at === null) return false
    this.report(
      { ...record, line: record.line + countNewlines(bytes, at), offset: record.offset + at },
      describeInvalidByte(bytes[at]),
    )
    return true
  }

  private report({ offset, line, pointer }: Pick<RecordBytes, 'offset' | 'line' | 'pointer'>, reason: string): void {
    this.sink.problem({ reason, offset, line, pointer, fatal: false })
  }
}
