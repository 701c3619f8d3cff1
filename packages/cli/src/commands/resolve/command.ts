import { one } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'resolve',
  group: 'Pin images:',
  summary: 'print the ID of the image that best matches a requirement',
  arguments: {
    want: one(
      'requirement',
      'the same as want in the images file: distro[@version][/arch][+variant], name:GLOB, label:SELECTOR, tag:TAG, id:ID or digest:ALGORITHM:HEX',
    ),
  },
  options,
  examples: [
    'imago resolve ubuntu@24.04/arm64 --on prod',
    'imago resolve debian@12/amd64 --on lab --trust owner:3570f75c --why',
    'imago resolve label:role=db --on prod --kind snapshot --pick newest',
  ],
  run: ({ want }, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).resolveWant(want, chosen, live)),
})
