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
import type { Subject } from '../../src/source-suite.ts'
import type { Wrap } from './subject.ts'

/** A source that is wrong in one way. */
export interface Mutant {
  readonly does: string
  /** The promise that it breaks: a check that fails must name it. */
  readonly breaks: PromiseName
  readonly wrap: Wrap
  /** The cloud that it shows at. Default: one that does everything and filters everything. */
  readonly at?: (wrap: Wrap) => Subject
}

type Method = (...args: readonly unknown[]) => ImageResult<unknown>

/** The methods of a source that are overridden, made of the right ones. */
export const overriding =
  (methods: (source: Required<ImageSource>) => Partial<ImageSource>): Wrap =>
  (source) => ({ ...source, ...methods(source as Required<ImageSource>) })

/** Every page of a source, changed. */
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

/** Every method of a source, changed. */
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

/** Every answer of a source, changed. */
export const onAnswers = (change: (answer: ImageResult<unknown>, name: MethodName) => ImageResult<unknown>): Wrap =>
  onMethods(
    (method, name) =>
      (...args) =>
        change(method(...args), name),
  )

/** Every error of this kind, changed. */
export const onErrors = (tag: ImageErrorTag, change: (error: ImageError) => ImageError): Wrap =>
  onAnswers(TE.mapLeft((error) => (error._tag === tag ? change(error) : error)))

const isAbortable = (u: unknown): u is Abortable => typeof u === 'object' && u !== null && Object.hasOwn(u, 'signal')

/** The arguments of a call without its signal. */
export const withoutSignal = (args: readonly unknown[]): readonly unknown[] =>
  args.map((one) => (isAbortable(one) ? { ...one, signal: undefined } : one))

export const signalOf = (args: readonly unknown[]): Abortable['signal'] => args.find(isAbortable)?.signal
