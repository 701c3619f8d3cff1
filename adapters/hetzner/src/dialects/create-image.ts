import { type Dialect, certainMatch, isJsonObject } from '@imago/core/provider'
import { recognizeHetzner } from './recognize-image.ts'

const BY_ACTION = certainMatch('it has a Hetzner image, and the action that creates it')

/** The response to creating a snapshot: the image and its action, which `raw` keeps. */
export const withAction: Dialect = {
  name: 'create-image',
  title: 'the response to POST /servers/{id}/actions/create_image',
  recognize: (record) =>
    isJsonObject(record['image']) && isJsonObject(record['action']) && recognizeHetzner(record['image']) !== null
      ? BY_ACTION
      : null,
  resembles: (record) => isJsonObject(record['image']) && isJsonObject(record['action']),
  translation: { lift: new Set(['image']), own: new Set(['action']) },
}
