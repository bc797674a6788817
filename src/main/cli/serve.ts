import { ExpectedError } from '../../shared/model/error.ts';
import { openHttpDoor } from '../doors/http.ts';
import { isActive } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';

/** Serves the window to a browser on this machine until Ctrl-C. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve the window to a browser on this machine',
  usage: '[--port n] [--open]',
  flags: [
    { name: 'port', kind: 'integer', min: 0, max: 65_535, help: 'port on 127.0.0.1 (any free one)' },
    { name: 'open', kind: 'boolean', help: 'open it in the browser' },
  ],
  async run({ openSession, openBrowser, onInterrupt, output, rendererFolder, workspace }, { values }) {
    const session = await openSession();
    try {
      if (session.connect === null) {
        throw new ExpectedError(
          'workspace-held',
          `The workspace ${workspace} is in use by another Minibatch: use that one, quit it, or choose another workspace with --workspace.`,
        );
      }
      const port = values.get('port');
      const door = await openHttpDoor({
        connect: session.connect,
        rendererFolder,
        ...(typeof port === 'number' ? { port } : {}),
      });
      const ended = Promise.withResolvers<void>();
      const release = onInterrupt(ended.resolve);
      output.say(`Minibatch is served at ${door.loginUrl}`);
      output.say('The address holds the key to it, so keep it to yourself. Ctrl-C ends it.');
      output.document({ address: door.address, port: door.port, url: door.loginUrl });
      if (values.get('open') === true) openBrowser(door.loginUrl);
      await ended.promise;
      release();
      const { batches } = await session.client.call('batches.list', {});
      await door.close();
      if (batches.some((batch) => isActive(batch))) {
        output.say(
          'Runs that live go on; what waits goes on when Minibatch is started again and the batch resumed.',
        );
      }
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};
