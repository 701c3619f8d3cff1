import { any, one, optional, some } from '../command-line/argument.ts'

const CLOUD = '[provider/]cloud[@region]'
const IMAGE = `${CLOUD}:image, where image is an ID or a name`

/** Arguments for clouds and images, with the same text in every command. */
export const clouds = { clouds: any('clouds', `${CLOUD} (default: all configured clouds)`, { completes: 'clouds' }) }
export const cloud = { cloud: one('cloud', CLOUD, { completes: 'clouds' }) }
export const images = { images: some('images', IMAGE, { completes: 'images' }) }
/** Images that are named, where options can select them instead. */
export const namedImages = {
  images: any('images', `${IMAGE}; or use the options to select some`, { completes: 'images' }),
}
export const image = { image: one('image', IMAGE, { completes: 'images' }) }
export const optionalImage = {
  image: optional('image', `${IMAGE}; or use the options to select one`, { completes: 'images' }),
}

/** The arguments of a transfer. */
export const FROM_AND_TO =
  'sources, as [provider/]cloud[@region]:image, ./file or https://…; then the target, as cloud:, cloud:name or ./file'
