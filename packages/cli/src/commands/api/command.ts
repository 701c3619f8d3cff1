import { some } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { cloud } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'api',
  group: 'Clouds:',
  summary: 'send one request to the API of a cloud, as its user, and print the answer',
  arguments: {
    ...cloud,
    request: some('request', '[METHOD] PATH (default: GET): /images at Hetzner, /v2/images at Glance'),
  },
  options,
  examples: [
    'imago api prod /images -f type=snapshot',
    'imago api lab POST /v2/images -f name=rescue -F min_disk=10',
    'imago api prod PUT /images/350000001 -f description=nightly --dry-run',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) =>
      (await import('./run.ts')).api(given.cloud, given.request, chosen, live),
    ),
})
