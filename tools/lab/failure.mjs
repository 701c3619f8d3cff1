/** What a person can do something about: its message is printed, without a stack. */
export class LabFailure extends Error {}
