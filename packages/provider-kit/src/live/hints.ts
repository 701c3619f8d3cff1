/** The outcome of the request is unknown. */
export const OUTCOME_UNKNOWN_HINT = 'The request may have been carried out: check before you retry'

/** The request was carried out, but its response cannot be read. */
export const CARRIED_OUT_HINT = 'The request was carried out: check before you retry'
