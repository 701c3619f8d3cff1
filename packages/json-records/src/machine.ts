import {
  CloseBracket,
  Comma,
  ContainerStart,
  Newline,
  OpenBrace,
  OpenBracket,
  RecordSeparator,
  ScalarStart,
  StringStart,
  byteOrderMark,
  endsScalar,
  isSpace,
  formatByte,
  valueStart,
} from './bytes.ts'
import { Closed, ContainerScan, Incomplete, StreamBegins, TornString } from './container.ts'
import { GuessedRecords } from './guess.ts'
import type { LinePlace } from './lines.ts'
import { MemberKey } from './member-key.ts'
import { OpenRecord } from './open-record.ts'
import type { RecordOutput } from './output.ts'
import { Position } from './position.ts'
import { InputWindow } from './window.ts'

/** States. Plain numbers, since they are compared for every token. */
const BetweenValues = 0
const InContainer = 1
const InScalar = 2
const FirstElement = 3
const NextElement = 4
const AfterElement = 5
const SkippingLines = 6
const Done = 7

/**
 * The state machine of `createJsonSplitter`. It can stop and continue at any byte. Each state is a method that takes the
 * index of the next byte in the window and returns the index where to continue.
 *
 * It checks only brackets and strings inside values, and commas between the elements it emits. Parsing checks the rest.
 *
 * After an error that hides where a value ends, it continues at the next line that begins with `{` or `[` if the input has
 * one value per line (see `Position`). Otherwise such an error is fatal.
 */
export class SplitterMachine {
  private state = BetweenValues
  private matchedMarkBytes = 0
  /** Whether the open top-level value is an object. */
  private isObject = false
  private readonly window = new InputWindow()
  private readonly position = new Position()
  private readonly guessed: GuessedRecords
  private readonly key: MemberKey
  private readonly container: ContainerScan
  private readonly shell: OpenRecord
  private readonly element: OpenRecord
  private readonly output: RecordOutput

  constructor(streamedKeys: ReadonlySet<string>, output: RecordOutput, start: LinePlace | null) {
    if (start !== null) {
      this.window.moveTo(start.offset, start.line)
      this.position.beginAtLine(start.document)
    }
    this.guessed = new GuessedRecords(streamedKeys, output)
    this.key = new MemberKey(streamedKeys)
    this.container = new ContainerScan(this.key)
    this.shell = new OpenRecord(output)
    this.element = new OpenRecord(output)
    this.output = output
  }

  scan(bytes: Buffer): void {
    if (this.state === Done) return
    const { window } = this
    window.advance(bytes)
    for (let at = 0; at < window.size;) at = this.step(at)
    this.element.carry(window)
    this.shell.carry(window)
    this.key.carry(window)
  }

  end(): void {
    if (this.state === Done) return
    this.window.advance(Buffer.alloc(0))
    if (this.state === InScalar && this.position.prefix === '') this.finishElement(0)
    if (this.matchedMarkBytes > 0) this.fail('the input ends inside a byte order mark', 0)
    else if (this.state !== BetweenValues && this.state !== SkippingLines) {
      this.fail(
        `unexpected end of input: the value that begins at byte ${this.position.offset} (line ${this.position.line}) is incomplete`,
        0,
      )
    }
    this.state = Done
  }

  lineStart(): LinePlace | null {
    const { position, window } = this
    // Skipping ends at the next line that begins with a bracket.
    const isBetween = (this.state === BetweenValues && this.matchedMarkBytes === 0) || this.state === SkippingLines
    if (!isBetween || !position.isLinePerValue || window.lineStart !== window.size) return null
    return { offset: window.offset + window.size, line: window.line, document: position.document }
  }

  skipLines(bytes: number, lines: number): void {
    const { window } = this
    window.moveTo(window.offset + window.size + bytes, window.line + lines)
    this.position.document += lines
    this.state = BetweenValues
  }

  private step(at: number): number {
    switch (this.state) {
      case BetweenValues:
        return this.betweenValues(at)
      case InContainer:
        return this.inContainer(at)
      case InScalar:
        return this.inScalar(at)
      case FirstElement:
      case NextElement:
        return this.beforeElement(at)
      case AfterElement:
        return this.afterElement(at)
      case SkippingLines:
        return this.skippingLines(at)
      default:
        return this.window.size
    }
  }

  private betweenValues(at: number): number {
    const { bytes, size } = this.window
    for (; at < size; at++) {
      const byte = bytes[at]!
      if (byte === byteOrderMark[this.matchedMarkBytes])
        this.matchedMarkBytes = (this.matchedMarkBytes + 1) % byteOrderMark.length
      else if (this.matchedMarkBytes > 0) return this.stray(at)
      else if (byte === Newline) this.window.passNewline(at)
      else if (isSpace[byte] === 0 && byte !== RecordSeparator) return this.beginDocument(at, byte)
    }
    return at
  }

  private beginDocument(at: number, byte: number): number {
    if (valueStart[byte] === 0) return this.stray(at)
    this.position.beginDocument(this.window, at)
    this.isObject = byte === OpenBrace
    if (byte === OpenBracket) return this.beginArray(at, '/')
    if (!this.isObject) return this.beginElement(at, byte)
    const end = this.guessed.tryAt(this.window, this.position, at)
    if (end > 0) return this.finishDocument(end)
    this.shell.begin(this.window, at)
    this.container.beginObject()
    this.state = InContainer
    return at + 1
  }

  private beginArray(at: number, prefix: string): number {
    this.position.beginArray(prefix)
    this.state = FirstElement
    return at + 1
  }

  /** Begins an element of a streamed array, or a top-level scalar. */
  private beginElement(at: number, byte: number): number {
    if (byte === OpenBrace) {
      const end = this.guessed.tryAt(this.window, this.position, at)
      if (end > 0) return this.passElement(end)
    }
    this.element.begin(this.window, at)
    const isScalar = valueStart[byte] === ScalarStart
    if (!isScalar) this.container.beginElement(valueStart[byte] === StringStart)
    this.state = isScalar ? InScalar : InContainer
    return at + 1
  }

  private inContainer(at: number): number {
    const { container, position, window } = this
    at = container.scan(window, position, at)
    switch (container.outcome) {
      case Incomplete:
        return at
      case Closed:
        if (position.prefix !== '' || !this.isObject) return this.finishElement(at)
        this.shell.finish(window, at, '', position.document)
        return this.finishDocument(at)
      case StreamBegins:
        this.shell.pause(window, at + 1)
        return this.beginArray(at, `/${container.streamedKey.replaceAll('~', '~0').replaceAll('/', '~1')}/`)
      case TornString:
        return this.breakOff('a string is not closed on its line', at)
      default:
        return this.tear(at)
    }
  }

  private inScalar(at: number): number {
    const { bytes, size } = this.window
    while (at < size && endsScalar[bytes[at]!] === 0) at++
    return at < size ? this.finishElement(at) : at
  }

  private finishElement(to: number): number {
    this.element.finish(this.window, to, this.position.pointer, this.position.document)
    return this.passElement(to)
  }

  private passElement(to: number): number {
    if (this.position.prefix === '') {
      this.position.endDocument()
      this.state = BetweenValues
    } else {
      this.position.index += 1
      this.state = AfterElement
    }
    return to
  }

  private beforeElement(at: number): number {
    const { window } = this
    at = window.skipSpace(at)
    if (at === window.size) return at
    const byte = window.bytes[at]!
    if (byte === RecordSeparator) return this.tear(at)
    if (valueStart[byte] !== 0) return this.beginElement(at, byte)
    if (byte !== CloseBracket) return this.breakOff(`expected a value in an array, found ${formatByte(byte)}`, at)
    if (this.state === NextElement) this.report('expected a value after ","', at)
    return this.closeArray(at)
  }

  private afterElement(at: number): number {
    const { window } = this
    at = window.skipSpace(at)
    if (at === window.size) return at
    const byte = window.bytes[at]!
    if (byte === CloseBracket) return this.closeArray(at)
    if (byte === Comma) {
      this.state = NextElement
      return at + 1
    }
    const start = valueStart[byte]!
    if (byte === RecordSeparator || (start === ContainerStart && this.position.isTornBefore(window, at)))
      return this.tear(at)
    const reason = `expected "," or "]" after an element, found ${formatByte(byte)}`
    if (start === 0) return this.breakOff(reason, at)
    this.report(reason, at)
    return this.beginElement(at, byte)
  }

  private closeArray(at: number): number {
    const { position } = this
    if (this.isObject) {
      this.shell.resume(at)
      this.container.resumeObject()
      position.prefix = ''
      this.state = InContainer
      return at + 1
    }
    if (position.index === 0) {
      const { document, line, offset } = position
      this.output.emit({ bytes: emptyArray, from: 0, to: 2, isAscii: true, pointer: '', document, line, offset })
    }
    return this.finishDocument(at + 1)
  }

  private finishDocument(to: number): number {
    this.position.learnShape(this.window, to)
    this.position.endDocument()
    this.state = BetweenValues
    return to
  }

  private skippingLines(at: number): number {
    const { window } = this
    for (; at < window.size; at = window.skipLine(at)) {
      const byte = window.bytes[at]!
      if (at === window.lineStart && (valueStart[byte] === ContainerStart || byte === RecordSeparator)) {
        this.state = BetweenValues
        return at
      }
    }
    return at
  }

  /** Something between values that is not a value. No value is open, so reading can always continue. */
  private stray(at: number): number {
    this.matchedMarkBytes = 0
    this.report(`expected a JSON value, found ${formatByte(this.window.bytes[at]!)}; ${skipped}`, at)
    this.state = SkippingLines
    return at
  }

  /** Abandons the open value where the next one begins. */
  private tear(at: number): number {
    const { offset, line, pointer } = this.position
    this.output.problem({
      reason: 'a value is not closed before the next one begins',
      offset,
      line,
      pointer,
      fatal: false,
    })
    this.abandon()
    this.state = BetweenValues
    return at
  }

  /** Abandons the open value where its end is unknown. */
  private breakOff(reason: string, at: number): number {
    if (!this.position.hasLinePerValue(this.window)) return this.fail(reason, at)
    this.report(`${reason}; ${skipped}`, at)
    this.abandon()
    this.state = SkippingLines
    return at
  }

  private fail(reason: string, at: number): number {
    this.report(reason, at, true)
    this.abandon()
    this.state = Done
    return this.window.size
  }

  private abandon(): void {
    this.element.drop()
    this.shell.drop()
    this.position.endDocument()
  }

  private report(reason: string, at: number, fatal = false): void {
    const { line, offset } = this.window
    this.output.problem({ reason, offset: offset + at, line, pointer: this.position.pointer, fatal })
  }
}

const skipped = 'skipped to the next line that begins with "{" or "["'
const emptyArray = Buffer.from('[]')
