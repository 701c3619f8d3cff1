/** The property that tags an image with the ID of the run that created it, so that another run of the plan finds it. */
export const RUN_PROPERTY = 'imago_run'
/** The label that does the same. */
export const RUN_LABEL = 'imago-run'
/** The label of temporary resources, and of images that are not complete yet. */
export const TEMPORARY_LABEL = { key: 'imago', value: 'temporary' } as const
