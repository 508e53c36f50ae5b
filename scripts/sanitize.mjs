// Builds the addon with the address sanitizer, apart from the usual build, and runs the native tests with it; with
// --misuse, the misuse run instead.
import path from 'node:path';
import { addonFile } from './setup/native.mjs';
import { capture, nodeTool, root, show } from './tools.mjs';

const SANITIZER = 'address';
const compiler = process.env.CXX ?? 'c++';
// Node does not link the sanitizer's runtime, so it has to be there first; with it the C++ runtime, whose exceptions the
// sanitizer intercepts and which Node itself carries only inside.
const preloaded = ['libasan.so', 'libstdc++.so.6'].map((name) =>
  capture([compiler, `-print-file-name=${name}`]).output.trim(),
);
const missing = preloaded.find((file) => !path.isAbsolute(file));

let code = show([process.execPath, path.join(root, 'scripts', 'setup.mjs')]);
if (missing) {
  console.error(
    `${compiler} has no ${missing}: install its sanitizer runtime (for example: sudo apt-get install libasan8)`,
  );
  code ||= 1;
}
code ||= show([process.execPath, path.join(root, 'scripts', 'build_native.mjs'), `--sanitize=${SANITIZER}`]);
if (code === 0) {
  const given = process.argv.slice(2);
  const misuse = given.includes('--misuse');
  const run = misuse
    ? [process.execPath, path.join(root, 'misuse', 'run.mjs'), ...given.filter((argument) => argument !== '--misuse')]
    : nodeTool('vitest', 'run', 'test/native', ...given);
  code = show(run, {
    ...process.env,
    ISOTORCH_ADDON: addonFile(root, SANITIZER),
    LD_PRELOAD: preloaded.join(' '),
    // Node and libtorch keep memory until the process ends, which is not a leak of ours. A huge allocation must fail
    // with an error, as it does without the sanitizer.
    ASAN_OPTIONS:
      'detect_leaks=0:detect_odr_violation=0:allocator_may_return_null=1' +
      // An absurd size must not fill the machine.
      (misuse ? ':max_allocation_size_mb=2000' : ''),
  });
}
process.exitCode = code;
