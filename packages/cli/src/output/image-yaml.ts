import type { Image } from '@imago/core'
import { imageJson, type ImageAdditions } from './image-json.ts'
import { visibleJson } from './visible.ts'
import { writeYamlList } from './yaml-text.ts'

/** An image as an item of a YAML list. Control characters are escaped. */
export const imageYaml = (image: Image, additions: ImageAdditions | null): string => {
  try {
    return writeYamlList([additions === null ? image : { ...image, ...additions }])
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // Nested too deeply. JSON is valid YAML.
    return `- ${visibleJson(imageJson(image, null, additions))}\n`
  }
}
