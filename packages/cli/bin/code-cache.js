const fs = require('node:fs')
const path = require('node:path')

/** How many runs of a command add the functions that they called. Later runs only read, unless they load a chunk that the cache lacks. */
const LEARNING_RUNS = 4
/** V8 discards the code of functions that were not called for a while: a long run would save less than a short one. */
const LONGEST_SECONDS = 10
/** As in `src/exit-code.ts`. A command that does not exist gets no file. */
const USAGE_ERROR = 2
const KEPT_MILLISECONDS = 30 * 24 * 3600 * 1000
/** V8 copies data that is not aligned. */
const ALIGNMENT = 8

const align = (size) => Math.ceil(size / ALIGNMENT) * ALIGNMENT

/** Without `node:os`, which `--version` does not need. */
const findUserCache = () => {
  const { XDG_CACHE_HOME: given = '', LOCALAPPDATA: local = '', HOME: home = '' } = process.env
  const places = [given, process.platform === 'win32' ? local : path.join(home, '.cache')]
  return places.find((place) => path.isAbsolute(place)) ?? null
}

/** As in `src/make-directories.ts`, which is an ES module: loading it would take longer than this. */
const makeDirectory = (directory) => {
  try {
    fs.mkdirSync(directory, { mode: 0o700 })
  } catch (thrown) {
    if (thrown.code !== 'EEXIST') throw thrown
  }
}

/** Reads a file that nobody but the user may write, because V8 runs what it contains. */
const readOwn = (file) => {
  const descriptor = fs.openSync(file, 'r')
  try {
    const { uid, mode } = fs.fstatSync(descriptor)
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) throw new Error('not own')
    return fs.readFileSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Replaces a file. V8 does not check its data, and crashes on data of which only a part is on the disk. */
const writeDurably = (file, content) => {
  const unfinished = `${file}.${process.pid}`
  const descriptor = fs.openSync(unfinished, 'wx', 0o600)
  try {
    fs.writeFileSync(descriptor, content)
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
  fs.renameSync(unfinished, file)
}

/** A file starts with the size of its header, 4 bytes, and the header in JSON. The compiled code of each chunk follows. */
const parse = (content, key) => {
  const size = content.readUInt32LE(0)
  const header = JSON.parse(content.latin1Slice(4, 4 + size))
  if (header.key !== key) throw new Error('of another version')
  let at = align(4 + size)
  const chunks = new Map()
  for (const [name, length] of header.chunks) {
    chunks.set(name, content.subarray(at, at + length))
    at += align(length)
  }
  return { runs: header.runs, chunks }
}

const format = (key, runs, chunks) => {
  const header = JSON.stringify({ key, runs, chunks: chunks.map(([name, data]) => [name, data.length]) })
  const parts = [header, ...chunks.map(([, data]) => data)]
  const content = Buffer.alloc(parts.reduce((size, part) => align(size + part.length), 4))
  content.writeUInt32LE(header.length)
  let at = 4
  for (const part of parts) {
    if (typeof part === 'string') content.latin1Write(part, at)
    else content.set(part, at)
    at = align(at + part.length)
  }
  return content
}

/** Deletes the files of commands and versions that are no longer used. Those that are still used are created again. */
const deleteOld = (directory) => {
  for (const name of fs.readdirSync(directory)) {
    const file = path.join(directory, name)
    const info = fs.statSync(file)
    if (info.isFile() && Date.now() - info.mtimeMs > KEPT_MILLISECONDS) fs.unlinkSync(file)
  }
}

/**
 * Opens the cache of the code that V8 compiled for a command. V8 compiles a function when it is first called, so the data is saved when the process exits. Node's own
 * cache is made before, and lacks nearly all functions. `digest`: of all chunks, because V8 compares only the length of a source.
 * Without a writable cache directory, nothing is kept.
 */
const openCodeCache = (command, digest) => {
  const userCache = process.env.NODE_DISABLE_COMPILE_CACHE ? null : findUserCache()
  if (userCache === null) return { read: () => undefined, add: () => undefined }
  const directory = path.join(userCache, 'imago', 'compiled')
  const file = path.join(directory, `${command}-${process.version}-${process.arch}`)
  let saved = { runs: 0, chunks: new Map() }
  try {
    saved = parse(readOwn(file), digest)
  } catch {
    // There is none yet.
  }
  const scripts = new Map()
  let isComplete = true
  process.once('exit', (code) => {
    if (isComplete && saved.runs >= LEARNING_RUNS) return
    if (code === USAGE_ERROR || process.uptime() > LONGEST_SECONDS) return
    try {
      for (const one of [userCache, path.join(userCache, 'imago'), directory]) makeDirectory(one)
      if (saved.runs === 0) deleteOld(directory)
      for (const [name, script] of scripts) saved.chunks.set(name, script.createCachedData())
      writeDurably(file, format(digest, saved.runs + 1, [...saved.chunks]))
    } catch {
      // The next run starts a little slower.
    }
  })
  return {
    /** Returns the compiled code of a chunk. */
    read: (name) => saved.chunks.get(name),
    /** Adds a chunk that runs. */
    add: (name, script) => {
      scripts.set(name, script)
      if (script.cachedDataRejected !== false) isComplete = false
    },
  }
}

exports.openCodeCache = openCodeCache
