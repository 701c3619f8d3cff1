/** The request may have been carried out, and there is no answer that says so. */
export const LOOK_FIRST = 'It may have been done all the same: look before you try again'

/** The request was carried out, and the answer cannot be read. */
export const DONE_UNREAD = 'It has been done all the same: look before you try again'
