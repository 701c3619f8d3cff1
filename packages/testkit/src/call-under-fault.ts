import assert from 'node:assert/strict'
import {
  formatError,
  type CapabilityName,
  type ImageError,
  type ImageErrorTag,
  type ImageSource,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { must, mustBe, NotApplicable, type CheckContext } from './check.ts'
import type { ServerFault } from './fault-port.ts'
import { EVERYTHING } from './filter-check.ts'
import { callAny, isWriting, NOWHERE, type MethodName, type Target } from './method-arguments.ts'

/** The methods of a check: reading ones, or writing ones, which run on an image that the suite created. */
export type MethodAccess = 'read' | 'write'

/** Returns the declared methods of this access. Reading ones include `get`, `listPage` and `probe`. */
export const listMethods = (
  { capabilities: { operations } }: ImageSource,
  access: MethodAccess,
): readonly MethodName[] =>
  access === 'read'
    ? ['get', 'listPage', 'probe', ...operations.filter((name) => !isWriting(name))]
    : operations.filter(isWriting)

/** Returns the ID of an operation of the image, if there is one. */
const findOperation = async (source: ImageSource, id: string): Promise<string> => {
  if (source.operations === undefined) return NOWHERE.id
  return (await must(source.operations(id)))[0]?.id ?? NOWHERE.id
}

/** Creates the target of the methods. Everything in it exists, so that only the fault can make a method fail. */
export const createTarget = async (
  source: ImageSource,
  { disposable, server, url, stores }: CheckContext,
  access: MethodAccess,
): Promise<Target> => {
  const declares = (name: CapabilityName): boolean => source.capabilities.operations.includes(name)
  if (access === 'read') {
    const { items } = await must(source.listPage(EVERYTHING, null))
    // Listing the shares of another project's image is refused even without a fault.
    const first =
      items.find(({ visibility }) => visibility === 'shared') ??
      items.find(({ visibility }) => visibility === 'private') ??
      items[0]
    assert.ok(first !== undefined, 'the suite needs a source with images')
    return { ...NOWHERE, id: first.ref.id }
  }
  return {
    id: await disposable(),
    server: declares('createFromServer') ? await server() : NOWHERE.server,
    url: declares('importFromUrl') ? await url() : NOWHERE.url,
    stores: declares('copyToStore') ? await stores() : NOWHERE.stores,
  }
}

/** Calls each method during `fault`; returns the results of those that sent a request. */
export const underFault = async (
  source: ImageSource,
  context: CheckContext,
  fault: ServerFault,
  access: MethodAccess,
  fits: (method: MethodName) => boolean,
): Promise<readonly { readonly method: MethodName; readonly result: E.Either<ImageError, unknown> }[]> => {
  const port = await context.faults()
  const target = await createTarget(source, context, access)
  const operation = access === 'read' ? await findOperation(source, target.id) : NOWHERE.id
  await port.set(fault)
  const results: { readonly method: MethodName; readonly result: E.Either<ImageError, unknown> }[] = []
  for (const method of listMethods(source, access).filter(fits)) {
    const before = await port.requests()
    const result = await callAny(source, method, method === 'operation' ? { ...target, id: operation } : target)()
    if ((await port.requests()) > before) results.push({ method, result })
  }
  if (results.length === 0) throw new NotApplicable('no method made a request that the fault could meet')
  return results
}

/** Requires each method to fail during `fault` with `tag` and its own operation name; `examine` checks the error further. */
export const mustFailUnder = async <Tag extends ImageErrorTag>(
  source: ImageSource,
  context: CheckContext,
  fault: ServerFault,
  tag: Tag,
  {
    access,
    fits = () => true,
    examine = () => undefined,
  }: {
    readonly access: MethodAccess
    readonly fits?: (method: MethodName) => boolean
    readonly examine?: (error: Extract<ImageError, { readonly _tag: Tag }>) => void
  },
): Promise<void> => {
  for (const { method, result } of await underFault(source, context, fault, access, fits)) {
    assert.ok(
      E.isLeft(result),
      `${method} succeeds in spite of the server fault ${JSON.stringify(fault)}: it must fail with ${tag}`,
    )
    const error = mustBe(source, tag, result.left)
    assert.equal(error.operation, method, `the error of ${method} names its operation: ${formatError(error)}`)
    examine(error)
  }
}

/** Returns the reading methods that succeed without a fault: the others are refused either way. Excludes `download`, which may need a server. */
export const findWorking = async (
  source: ImageSource,
  context: CheckContext,
): Promise<(method: MethodName) => boolean> => {
  const target = await createTarget(source, context, 'read')
  const operation = await findOperation(source, target.id)
  const sound = new Set<MethodName>()
  for (const method of listMethods(source, 'read').filter((one) => one !== 'download')) {
    if (E.isRight(await callAny(source, method, method === 'operation' ? { ...target, id: operation } : target)()))
      sound.add(method)
  }
  return (method) => sound.has(method)
}
