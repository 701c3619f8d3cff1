export { createJsonSplitter, type JsonSplitter, type JsonSplitterOptions } from './json-splitter.ts'
export { findLines, type Lines, type LinePlace } from './lines.ts'
export type { SplitProblem, SplitRecord, SplitSink, SplitText } from './sink.ts'
export { findInvalidByte, countNewlines, describeInvalidByte } from './utf8.ts'
