import { createCapture, type Capture } from './capture.ts'
import { evaluateFormats, requestParts, requestTables } from './formats.ts'
import type { Inspector } from './inspection.ts'

/** Captures what the formats need. */
export const createFormatCapture = (): Capture => createCapture(requestParts, requestTables)

/** An inspector that evaluates what is captured. */
export const toInspector = ({ write, end }: Capture): Inspector => ({ write, end: () => evaluateFormats(end()) })

/** Inspects the bytes of one image as a stream. */
export const createInspector = (): Inspector => toInspector(createFormatCapture())
