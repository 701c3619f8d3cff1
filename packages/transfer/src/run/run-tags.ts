import type { Capabilities, Image, NewImage } from '@imago/core'
import { RUN_LABEL, RUN_PROPERTY, TEMPORARY_LABEL } from '../metadata/run-tags.ts'

/** The record to be made, marked as this run's where the target has a place for it. */
export const addRunTag = (request: NewImage, run: string, { changes }: Capabilities): NewImage => ({
  ...request,
  ...(changes.includes('properties') ? { properties: { ...request.properties, [RUN_PROPERTY]: run } } : {}),
  ...(changes.includes('labels') ? { labels: { ...request.labels, [RUN_LABEL]: run } } : {}),
})

/** Whether a target has a place for the mark of a run. */
export const canHoldRunTag = ({ changes }: Capabilities): boolean =>
  changes.includes('properties') || changes.includes('labels')

/** Whether a run made this image, and does not call it temporary. */
export const hasRunTag = (run: string, { labels, properties }: Image): boolean =>
  properties[RUN_PROPERTY] === run ||
  (labels[RUN_LABEL] === run && labels[TEMPORARY_LABEL.key] !== TEMPORARY_LABEL.value)
