import type { Capabilities, Image, NewImage } from '@imago/core'
import { RUN_LABEL, RUN_PROPERTY } from '../carry/never.ts'

/** The record to be made, marked as this run's where the target has a place for it. */
export const marked = (request: NewImage, run: string, { changes }: Capabilities): NewImage => {
  if (changes.includes('properties')) return { ...request, properties: { ...request.properties, [RUN_PROPERTY]: run } }
  return changes.includes('labels') ? { ...request, labels: { ...request.labels, [RUN_LABEL]: run } } : request
}

/** Whether a run made this image. */
export const isOf = (run: string, { labels, properties }: Image): boolean => properties[RUN_PROPERTY] === run || labels[RUN_LABEL] === run
