/** Discovers and chooses clouds in the same way as the command. Loads no HTTP. */
export { chooseClouds } from './choose-clouds.ts'
export { discoverClouds } from './discover-clouds.ts'
export { providers, type BundledProvider } from './providers.ts'
