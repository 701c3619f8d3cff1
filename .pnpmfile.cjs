// pg-boss needs a newer Node than imago. Only `imago fleet` loads it, and refuses to run on an older Node, so it may be installed on any.
const readPackage = (manifest) => {
  if (manifest.name === 'pg-boss') delete manifest.engines
  return manifest
}

module.exports = { hooks: { readPackage } }
