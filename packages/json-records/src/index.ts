export { createJsonSplitter, type JsonSplitter, type JsonSplitterOptions } from './json-splitter.ts'
export type { SplitProblem, SplitRecord, SplitSink, SplitText } from './sink.ts'
export { firstInvalidByte, newlinesBefore, notUtf8 } from './utf8.ts'
