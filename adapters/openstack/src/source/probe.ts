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

/** What somebody with no role but `reader` may not: Glance's and Nova's policies want `member` for all that changes something. glance: glance/policies/image.py. */
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

/** Glance before Rocky has no `os_hidden`. A cloud that does not show its schema keeps what is declared. */
const forSchema = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.schemas.get('image', toCallOptions('probe', options)),
    TE.map(({ properties }): readonly CapabilityName[] => (Object.hasOwn(properties, 'os_hidden') ? [] : ['hide'])),
    recoverFrom<readonly CapabilityName[]>(['NotFound', 'Forbidden'], []),
  )

/** Glance before Queens (API 2.6) imports nothing. That a method is switched on is not to say that it works. */
const forImports = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.info.importMethods(toCallOptions('probe', options)),
    TE.map((methods): readonly CapabilityName[] => [
      ...(methods.includes('web-download') ? [] : ['importFromUrl' as const]),
      ...(methods.includes('copy-image') ? [] : ['copyToStore' as const]),
    ]),
    recoverFrom<readonly CapabilityName[]>(['NotFound'], ['importFromUrl', 'copyToStore']),
  )

/** Where there is but one store, there is nowhere to copy to. */
const forStores = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.api.info.stores(toCallOptions('probe', options)),
    TE.map(({ items }): readonly CapabilityName[] => (items.length > 1 ? [] : ['copyToStore'])),
    recoverFrom<readonly CapabilityName[]>(['NotFound'], ['copyToStore']),
  )

/** Without Nova there are no servers, and no image can be made of one. */
const forCompute = (context: SourceContext, options: Abortable): ImageResult<readonly CapabilityName[]> =>
  pipe(
    context.session.endpoint('compute', options),
    TE.map((): readonly CapabilityName[] => []),
    recoverFrom<readonly CapabilityName[]>(['ConfigInvalid'], ['servers', 'createFromServer']),
  )

/**
 * What this cloud and these credentials allow, as far as can be seen without trying: the roles of the token, the schema of images, the methods of import, the stores, the catalog.
 * What only a policy of the operator decides (who may publish an image, or copy one to other stores) stays as declared.
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
      // A login that failed says so in its words; what was being done is this.
      TE.mapLeft((error): ImageError => ({ ...error, operation: 'probe' })),
    )
