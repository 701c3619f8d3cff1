/** What imago writes to an image that a run makes, so that a second run of the plan finds it. Its value is the run's id. */
export const RUN_PROPERTY = 'imago_run'
/** The same, where there are labels and no properties. */
export const RUN_LABEL = 'imago-run'
/** On what imago makes for itself only, and on an image that is not whole yet. */
export const TEMPORARY_LABEL = { key: 'imago', value: 'temporary' } as const
