// Runs a command with only the simulated clouds of `imago simulate` configured: node tools/with-simulators.mjs imago list
import { spawn } from 'node:child_process'
import { startSimulatedClouds } from './simulated-clouds.mjs'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) {
  process.stderr.write('with-simulators: name a command, as: node tools/with-simulators.mjs imago list\n')
  process.exit(2)
}

const clouds = await startSimulatedClouds({ isRepeatable: true })
const child = spawn(command, args, { stdio: 'inherit', env: clouds.env, shell: process.platform === 'win32' })
// Ctrl-C also reaches the command: the clouds end after it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
const code = await new Promise((resolve) => {
  child.once('error', (error) => {
    process.stderr.write(`with-simulators: cannot run ${command}: ${error.message}\n`)
    resolve(1)
  })
  child.once('exit', (exitCode) => resolve(exitCode ?? 1))
})
await clouds.close()
process.exit(code)
