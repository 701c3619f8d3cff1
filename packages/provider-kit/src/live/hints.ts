/** For a request with an unknown outcome. */
export const OUTCOME_UNKNOWN_HINT = 'The request may have been carried out: check before you retry'

/** For a request that was carried out, but whose response cannot be read. */
export const CARRIED_OUT_HINT = 'The request was carried out: check before you retry'
