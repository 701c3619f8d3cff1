import { some } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { cloud } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'api',
  group: 'Clouds:',
  summary: 'send a request to the API of a cloud, and print the response',
  arguments: {
    ...cloud,
    request: some(
      'request',
      '[METHOD] PATH, such as /images (Hetzner) or POST /v2/images (Glance); default method: GET',
    ),
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
