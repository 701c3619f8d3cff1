import { messageOf } from './message.ts'

interface Failure<Tag extends string> {
  readonly _tag: Tag
  /** The file, or the address without its password. */
  readonly target: string
  /** What failed, in one line. */
  readonly what: string
}

/** The target names no format that imago writes. */
export type TargetInvalid = Failure<'TargetInvalid'>
/** An optional package is needed and not installed. */
export type PackageMissing = Failure<'PackageMissing'> & { readonly packageName: string }
/** The file or database holds something else. */
export type NotAStore = Failure<'NotAStore'>
/** A later version of imago made the store. */
export type StoreTooNew = Failure<'StoreTooNew'> & { readonly version: number }
/** Another process is writing to it. */
export type StoreLocked = Failure<'StoreLocked'>
/** The store has a run of this cloud at this time or later. History is written in order. */
export type RunOutOfOrder = Failure<'RunOutOfOrder'> & { readonly cloud: string; readonly last: string }
/** The file system, the engine or the server reported a failure. */
export type StoreFailed = Failure<'StoreFailed'>

/** Why a store could not be read or written. */
export type StoreError =
  | TargetInvalid
  | PackageMissing
  | NotAStore
  | StoreTooNew
  | StoreLocked
  | RunOutOfOrder
  | StoreFailed

/** Carries a `StoreError` through code that throws, to where it becomes a value. Never leaves this package. */
export class StoreFailure extends Error {
  readonly error: StoreError

  constructor(error: StoreError) {
    super(error.what)
    this.name = 'StoreFailure'
    this.error = error
  }
}

/** What a library threw, as a value. */
export const toStoreError = (target: string, thrown: unknown): StoreError =>
  thrown instanceof StoreFailure ? thrown.error : { _tag: 'StoreFailed', target, what: messageOf(thrown) }
