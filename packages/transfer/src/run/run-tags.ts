import { RUN_LABEL, RUN_PROPERTY, TEMPORARY_LABEL, type Capabilities, type Image, type NewImage } from '@imago/core'

/** Adds the run tag to the image to create, if the target supports properties or labels. */
export const addRunTag = (request: NewImage, run: string, { changes }: Capabilities): NewImage => ({
  ...request,
  ...(changes.includes('properties') ? { properties: { ...request.properties, [RUN_PROPERTY]: run } } : {}),
  ...(changes.includes('labels') ? { labels: { ...request.labels, [RUN_LABEL]: run } } : {}),
})

/** Whether images of a target can have a run tag. */
export const canHoldRunTag = ({ changes }: Capabilities): boolean =>
  changes.includes('properties') || changes.includes('labels')

/** Whether an image has the tag of this run, and is not temporary. */
export const hasRunTag = (run: string, { labels, properties }: Image): boolean =>
  properties[RUN_PROPERTY] === run ||
  (labels[RUN_LABEL] === run && labels[TEMPORARY_LABEL.key] !== TEMPORARY_LABEL.value)
