import {
  CAPABILITY_NAMES,
  type Abortable,
  type ImageResult,
  type ImageError,
  type ImageErrorTag,
  type ImageSource,
  type Page,
} from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { MethodName } from '../../src/method-arguments.ts'
import type { PromiseName } from '../../src/promises.ts'
import type { Subject } from '../../src/subject.ts'
import type { Wrap } from './subject.ts'

/** A source with a single fault. */
export interface Mutant {
  readonly does: string
  /** The promise that it breaks: a failing check must name it. */
  readonly breaks: PromiseName
  readonly wrap: Wrap
  /** The cloud in which the fault shows. Default: one with all methods and filters. */
  readonly at?: (wrap: Wrap) => Subject
}

type Method = (...args: readonly unknown[]) => ImageResult<unknown>

/** Overrides methods of a source, based on the correct ones. */
export const overriding =
  (methods: (source: Required<ImageSource>) => Partial<ImageSource>): Wrap =>
  (source) => ({ ...source, ...methods(source as Required<ImageSource>) })

/** Changes every page of a source. */
export const onPages =
  (change: (page: Page, source: ImageSource) => Page): Wrap =>
  (source) => ({
    ...source,
    listPage: (...args) =>
      pipe(
        source.listPage(...args),
        TE.map((page) => change(page, source)),
      ),
  })

/** Changes every method of a source. */
export const onMethods =
  (change: (method: Method, name: MethodName) => Method): Wrap =>
  (source) => {
    const names: readonly MethodName[] = ['probe', 'get', 'listPage', ...CAPABILITY_NAMES]
    const present = names.filter((name) => source[name] !== undefined)
    return {
      ...source,
      ...Object.fromEntries(present.map((name) => [name, change(source[name] as unknown as Method, name)])),
    }
  }

/** Changes every result of a source. */
export const onAnswers = (change: (answer: ImageResult<unknown>, name: MethodName) => ImageResult<unknown>): Wrap =>
  onMethods(
    (method, name) =>
      (...args) =>
        change(method(...args), name),
  )

/** Changes every error of this kind. */
export const onErrors = (tag: ImageErrorTag, change: (error: ImageError) => ImageError): Wrap =>
  onAnswers(TE.mapLeft((error) => (error._tag === tag ? change(error) : error)))

const isAbortable = (u: unknown): u is Abortable => typeof u === 'object' && u !== null && Object.hasOwn(u, 'signal')

/** Returns the arguments of a call without its signal. */
export const withoutSignal = (args: readonly unknown[]): readonly unknown[] =>
  args.map((one) => (isAbortable(one) ? { ...one, signal: undefined } : one))

export const findSignal = (args: readonly unknown[]): Abortable['signal'] => args.find(isAbortable)?.signal
