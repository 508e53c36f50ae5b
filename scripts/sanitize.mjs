// Builds the addon with the address sanitizer, apart from the usual build, and runs the native tests with it.
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
  code = show(nodeTool('vitest', 'run', 'test/native', ...process.argv.slice(2)), {
    ...process.env,
    ISOTORCH_ADDON: addonFile(root, SANITIZER),
    LD_PRELOAD: preloaded.join(' '),
    // Node and libtorch keep memory until the process ends, which is not a leak of ours. A huge allocation must fail
    // with an error, as it does without the sanitizer.
    ASAN_OPTIONS: 'detect_leaks=0:detect_odr_violation=0:allocator_may_return_null=1',
  });
}
process.exitCode = code;
