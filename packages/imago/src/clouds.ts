/** For tools that discover and choose clouds as the command does. Loads no HTTP. */
export { chooseClouds } from './choose-clouds.ts'
export { discoverClouds } from './discover-clouds.ts'
export { providers, type BundledProvider } from './providers.ts'
