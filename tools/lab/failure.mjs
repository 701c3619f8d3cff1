/** A failure that the user can resolve: only its message is printed, without a stack. */
export class LabFailure extends Error {}
