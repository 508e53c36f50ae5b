// One process in which the command line's commands run one after the other: tests that are not about the process itself need not
// start libtorch for each. Modules to load before are its arguments; a message is a list of words, its answer how the command ended.
import { pathToFileURL } from 'node:url';

for (const module of process.argv.slice(2)) await import(pathToFileURL(module).href);
const { runCommand } = await import('../../dist/cli/run_command.js');

/** Keeps what is written to a stream. @param {NodeJS.WriteStream} stream */
function kept(stream) {
  let text = '';
  const write = stream.write;
  // @ts-expect-error: all forms of the call end here, with the callback last
  stream.write = (chunk, ...rest) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  return () => {
    stream.write = write;
    return text;
  };
}

process.on('message', async (args) => {
  const [out, err] = [kept(process.stdout), kept(process.stderr)];
  process.exitCode = undefined;
  await runCommand(/** @type {string[]} */ (args));
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  process.send?.({ code, signal: null, stdout: out(), stderr: err() });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
