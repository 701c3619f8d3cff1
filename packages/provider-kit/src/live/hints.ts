/** The request may have been carried out, and there is no answer that says so. */
export const OUTCOME_UNKNOWN_HINT = 'It may have been done all the same: look before you try again'

/** The request was carried out, and the answer cannot be read. */
export const CARRIED_OUT_HINT = 'It has been done all the same: look before you try again'
