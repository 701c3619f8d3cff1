import { configInvalid, siteOf } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { OpenSource } from './run-live.ts'
import { identityOf } from './target.ts'

/** Until the adapters have their online halves, no target can be opened. */
export const openSource: OpenSource = (target) =>
  Promise.resolve(E.left(configInvalid(siteOf(identityOf(target), 'configuration'), { what: 'this version reads saved images only', hint: 'Use a later version' })))
