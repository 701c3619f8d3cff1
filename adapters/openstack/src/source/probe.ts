import {
  withoutOperations,
  type Abortable,
  type ImageResult,
  type Capabilities,
  type CapabilityName,
  type ImageError,
} from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toCallOptions, type SourceContext } from './context.ts'

/** Capabilities that the role `reader` lacks: Glance and Nova require `member` for every change. glance: glance/policies/image.py. */
const CHANGING: readonly CapabilityName[] = [
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'share',
  'createFromServer',
  'create',
  'upload',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
]

const forRoles = (roles: readonly string[]): readonly CapabilityName[] =>
  roles.length > 0 && roles.every((role) => role.toLowerCase() === 'reader') ? CHANGING : []

/** Glance before Rocky has no `os_hidden`. If the schema is not accessible, the declared capability is kept. */
const forSchema = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.schemas.get('image', toCallOptions('probe', options)),
    TE.map(({ properties }): readonly CapabilityName[] => (Object.hasOwn(properties, 'os_hidden') ? [] : ['hide'])),
    recoverFrom<readonly CapabilityName[]>(['NotFound', 'Forbidden'], []),
  )

/** Glance before Queens (API 2.6) has no imports. An enabled method may still fail. */
const forImports = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.info.importMethods(toCallOptions('probe', options)),
    TE.map((methods): readonly CapabilityName[] => [
      ...(methods.includes('web-download') ? [] : ['importFromUrl' as const]),
      ...(methods.includes('copy-image') ? [] : ['copyToStore' as const]),
    ]),
    recoverFrom<readonly CapabilityName[]>(['NotFound'], ['importFromUrl', 'copyToStore']),
  )

/** With a single store, data cannot be copied to another. */
const forStores = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.info.stores(toCallOptions('probe', options)),
    TE.map(({ items }): readonly CapabilityName[] => (items.length > 1 ? [] : ['copyToStore'])),
    recoverFrom<readonly CapabilityName[]>(['NotFound'], ['copyToStore']),
  )

/** Without Nova, images cannot be created from servers. */
const forCompute = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.session.endpoint('compute', options),
    TE.map((): readonly CapabilityName[] => []),
    recoverFrom<readonly CapabilityName[]>(['ConfigInvalid'], ['servers', 'createFromServer']),
  )

/**
 * Determines the capabilities of this cloud and these credentials from the token's roles, the image schema, the import methods, the stores and the catalog.
 * Capabilities that depend only on the operator's policies, such as publishing an image, stay as declared.
 */
export const probe =
  (context: SourceContext, declared: Capabilities) =>
  (options: Abortable = {}): ImageResult<Capabilities> =>
    pipe(
      context.session.identity(options),
      TE.flatMap(({ roles }) =>
        pipe(
          [
            TE.right(forRoles(roles)),
            forSchema(context, options),
            forImports(context, options),
            forStores(context, options),
            forCompute(context, options),
          ],
          TE.sequenceArray,
          TE.map((missing) => withoutOperations(declared, missing.flat())),
        ),
      ),
      // A login error names the login as the operation.
      TE.mapLeft((error): ImageError => ({ ...error, operation: 'probe' })),
    )
