/** The property that tags an image with the ID of the run that created it, for providers whose images have properties. */
export const RUN_PROPERTY = 'imago_run'

/** The label that tags a resource with the ID of the run that created it, for providers with labels. */
export const RUN_LABEL = 'imago-run'

/** The property with the epoch of the run when the image was created: how often the run had been taken. Images of older versions do not have it. */
export const RUN_EPOCH_PROPERTY = 'imago_run_epoch'

/** The label with the epoch of the run when the resource was created. */
export const RUN_EPOCH_LABEL = 'imago-run-epoch'

/** The label of temporary resources, and of images that are not complete yet. */
export const TEMPORARY_LABEL = { key: 'imago', value: 'temporary' } as const
