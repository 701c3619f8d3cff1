// @ts-check
// Prints the ID of the newest Ubuntu 24.04 for x86_64 of each configured cloud, like ../pin-newest, with errors as values instead of exceptions.
import * as Ord from 'fp-ts/lib/Ord.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as S from 'fp-ts/lib/string.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { listAll, formatError } from 'imago'
import { connect } from 'imago/live'

/** @typedef {import('imago').Image} Image */

const wanted = /** @type {const} */ ({
  distro: 'ubuntu',
  version: '24.04',
  architecture: 'x86_64',
  status: 'available',
})

/** @type {(image: Image) => boolean} */
const isBase = ({ kind, visibility }) => visibility === 'public' && (kind === 'system' || kind === 'image')

/** @type {Ord.Ord<Image>} */
const newestFirst = Ord.reverse(
  Ord.contramap((/** @type {Image} */ { createdAt, ref }) => `${createdAt ?? ''} ${ref.id}`)(S.Ord),
)

/** @param {import('imago/live').ConnectedCloud} cloud */
const formatPin = ({ name, source }) =>
  pipe(
    listAll(source, wanted),
    TE.map(({ items }) => pipe(items, RA.filter(isBase), RA.sort(newestFirst), RA.head)),
    TE.map(
      O.match(
        () => `${name}: none`,
        (image) => `${name}: ${image.ref.id}  ${image.name}`,
      ),
    ),
    TE.getOrElse((error) => T.of(formatError(error))),
  )

const { clouds, close } = await connect()
const lines = await pipe(clouds, T.traverseArray(formatPin))()
for (const line of lines) console.log(line)
close()
