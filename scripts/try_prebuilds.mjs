// `npm run try:prebuilds -- --libtorch DIR …`: loads each of the package's addons with the real libtorch that it is for, and
// runs the quick parity set on the CPU against the Python that this libtorch belongs to. `--load` does only the former.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cudaAddonBeside, findAddons, inspect, minorOf } from '../dist/libtorch/index.js';
import { capture, nodeTool, root } from './tools.mjs';

/** What says soonest that numbers differ: kernels, updates, random streams, double backward. */
const QUICK = ['layers', 'losses', 'optimizers', 'batch_norm', 'init', 'random', 'double_backward'];

const PROGRAM = `
  const torch = require('.');
  const x = torch.arange(4, { dtype: torch.float32, requires_grad: true });
  x.square().sum().backward();
  console.log(JSON.stringify({
    version: torch.__version__, cuda: torch.cuda.is_available(), devices: torch.cuda.device_count(), grad: x.grad.tolist(),
  }));`;

/** Every symbol of the second addon is looked up; without a GPU isotorch itself does not load it. */
const SECOND = `
  require('.');
  try { process.dlopen({ exports: {} }, process.argv[1], os.constants.dlopen.RTLD_NOW); }
  catch (error) { if (!/did not self-register/.test(error.message)) throw error; }`;

const { values } = parseArgs({
  options: { libtorch: { type: 'string', multiple: true, default: [] }, load: { type: 'boolean', default: false } },
});

/** @param {string} folder @returns {string} what was found, in one line @throws where it does not work */
function tryOne(folder) {
  const found = inspect(path.resolve(folder));
  if ('problem' in found) throw new Error(`${folder} ${found.problem}`);
  const { libtorch } = found;
  const addon = findAddons(root, {}).find(
    ({ source, minor }) => source === 'prebuilds' && minor === minorOf(libtorch.version),
  );
  if (!addon) throw new Error(`prebuilds/ has no addon for libtorch ${libtorch.version}: npm run prebuild`);
  const env = {
    ...process.env,
    ISOTORCH_LIBTORCH: libtorch.folder,
    ISOTORCH_ADDON: addon.file,
    OMP_WAIT_POLICY: 'PASSIVE',
  };
  const loaded = capture([process.execPath, '-e', PROGRAM], env);
  if (!loaded.ok) throw new Error(loaded.output);
  const { version, cuda, devices, grad } = JSON.parse(loaded.output);
  let said = `${libtorch.version}: loaded ${version}, CUDA ${libtorch.cuda ?? 'none'}, is_available ${cuda}, ${devices} devices`;
  if (String(grad) !== '0,2,4,6') throw new Error(`${said}: a gradient is ${grad}`);
  const second = cudaAddonBeside(addon, libtorch.cuda);
  if (second) {
    const linked = capture([process.execPath, '-e', SECOND, second], env);
    if (!linked.ok) throw new Error(`${said}\n${linked.output}`);
    said += `; ${path.basename(second)} links`;
  }
  if (values.load) return said;
  const files = QUICK.map((name) => `test/parity/${name}.test.ts`);
  const { ok, output } = capture(nodeTool('vitest', 'run', ...files), { ...env, CI: 'true', NO_COLOR: '1' });
  const sum = /^ *Tests +(.*)$/m.exec(output)?.[1] ?? 'no tests ran';
  if (!ok) throw new Error(`${said}\n${output.trim().split('\n').slice(-60).join('\n')}`);
  return `${said}; parity: ${sum}`;
}

if (values.libtorch.length === 0) throw new Error('name the libtorchs: npm run try:prebuilds -- --libtorch DIR …');
for (const folder of values.libtorch) {
  try {
    console.log(tryOne(folder));
  } catch (error) {
    console.log(`FAILS ${folder}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
