/** The property that tags an image with the ID of the run that created it, for providers whose images have properties. */
export const RUN_PROPERTY = 'imago_run'

/** The label that tags a resource with the ID of the run that created it, for providers with labels. */
export const RUN_LABEL = 'imago-run'

/** The label of temporary resources, and of images that are not complete yet. */
export const TEMPORARY_LABEL = { key: 'imago', value: 'temporary' } as const
