import type { Image } from '@imago/core'
import { Document, stringify, visit, type CreateNodeOptions, type ToStringOptions } from 'yaml'
import { imageJson, type ImageAdditions } from './image-json.ts'
import { visibleJson } from './visible.ts'

/** `compat` quotes texts that a YAML 1.1 reader, such as Python's, would read as booleans or dates. */
const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const satisfies ToStringOptions &
  CreateNodeOptions & { readonly compat: 'yaml-1.1' }

/** Characters that YAML does not print or reads as line breaks, and unpaired surrogates. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u

const toYaml = (value: unknown): string => {
  const text = stringify(value, OPTIONS)
  if (!UNPRINTABLE.test(text)) return text
  const document = new Document(value, OPTIONS)
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && UNPRINTABLE.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  // Double-quoted YAML has the escapes of JSON.
  return visibleJson(document.toString(OPTIONS))
}

/** An image as an item of a YAML list. Control characters are escaped. */
export const imageYaml = (image: Image, additions: ImageAdditions | null): string => {
  try {
    return toYaml([additions === null ? image : { ...image, ...additions }])
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // Nested too deeply for the serializer. JSON is valid YAML.
    return `- ${visibleJson(imageJson(image, null, additions))}\n`
  }
}
