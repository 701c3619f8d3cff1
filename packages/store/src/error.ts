import { readMessage } from './message.ts'

interface Failure<Tag extends string> {
  readonly _tag: Tag
  /** The file, or the address without its password. */
  readonly target: string
  /** What failed, in one line. */
  readonly what: string
}

/** The format of the target is not supported. */
export type TargetInvalid = Failure<'TargetInvalid'>
/** The time after `@` is not a date or a time. */
export type TimeInvalid = Failure<'TimeInvalid'>
/** A required optional package is not installed. */
export type PackageMissing = Failure<'PackageMissing'> & { readonly packageName: string }
/** The file or database is not a store. */
export type NotAStore = Failure<'NotAStore'>
/** A later version of imago created the store. */
export type StoreTooNew = Failure<'StoreTooNew'> & { readonly version: number }
/** Another process writes to it. */
export type StoreLocked = Failure<'StoreLocked'>
/** The store has a run of this cloud at this time or later. History is written in order. */
export type RunOutOfOrder = Failure<'RunOutOfOrder'> & { readonly cloud: string; readonly last: string }
/** The file system, the engine or the server reported a failure. */
export type StoreFailed = Failure<'StoreFailed'>

/** Why a store could not be read or written. */
export type StoreError =
  | TargetInvalid
  | TimeInvalid
  | PackageMissing
  | NotAStore
  | StoreTooNew
  | StoreLocked
  | RunOutOfOrder
  | StoreFailed

/** An exception with a `StoreError`. Never leaves this package. */
export class StoreFailure extends Error {
  readonly error: StoreError

  constructor(error: StoreError) {
    super(error.what)
    this.name = 'StoreFailure'
    this.error = error
  }
}

/** Converts an exception of a library to an error. */
export const toStoreError = (target: string, thrown: unknown): StoreError =>
  thrown instanceof StoreFailure ? thrown.error : { _tag: 'StoreFailed', target, what: readMessage(thrown) }
