import {
  RUN_EPOCH_LABEL,
  RUN_EPOCH_PROPERTY,
  RUN_LABEL,
  RUN_PROPERTY,
  TEMPORARY_LABEL,
  type Capabilities,
  type Image,
  type NewImage,
} from '@imago/core'
import type { RunContext } from './context.ts'

/** Adds the tags of the run and its epoch to the image to create, if the target supports properties or labels. */
export const addRunTag = (
  request: NewImage,
  { run, journal }: Pick<RunContext, 'run' | 'journal'>,
  { changes }: Capabilities,
): NewImage => {
  const epoch = String(journal.epoch)
  const properties = { ...request.properties, [RUN_PROPERTY]: run, [RUN_EPOCH_PROPERTY]: epoch }
  const labels = { ...request.labels, [RUN_LABEL]: run, [RUN_EPOCH_LABEL]: epoch }
  return {
    ...request,
    ...(changes.includes('properties') ? { properties } : {}),
    ...(changes.includes('labels') ? { labels } : {}),
  }
}

/** Whether images of a target can have a run tag. */
export const canHoldRunTag = ({ changes }: Capabilities): boolean =>
  changes.includes('properties') || changes.includes('labels')

/** Whether an image has the tag of this run, and is not temporary. */
export const hasRunTag = (run: string, { labels, properties }: Image): boolean =>
  properties[RUN_PROPERTY] === run ||
  (labels[RUN_LABEL] === run && labels[TEMPORARY_LABEL.key] !== TEMPORARY_LABEL.value)
