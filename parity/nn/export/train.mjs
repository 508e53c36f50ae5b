// A program's training, in the lines that python/export.py writes of it.
import { createHash } from 'node:crypto';
import { handleOf, isTensor, native, torch } from '../../ops/isotorch.mjs';

/** Dtype, shape and bytes of a tensor. */
function nameOf(tensor) {
  const bytes = new Uint8Array(tensor.numel() * tensor.dtype.itemsize);
  if (bytes.length > 0) native.to_bytes(handleOf(tensor), bytes);
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${tensor.dtype.name}[${tensor.shape.join(',')}] ${digest}`;
}

/** Leaves of a result with their paths. */
function flat(result, at = '') {
  if (Array.isArray(result)) return result.flatMap((item, i) => flat(item, `${at}.${i}`));
  if (typeof result === 'object' && result !== null && !isTensor(result)) {
    return Object.entries(result).flatMap(([name, item]) => flat(item, `${at}.${name}`));
  }
  return [[at, result]];
}

const shown = (leaf) => (isTensor(leaf) ? nameOf(leaf) : leaf === null ? 'None' : String(leaf));

function lossOf(result) {
  const trained = flat(result).flatMap(([, leaf]) =>
    isTensor(leaf) && leaf.dtype.is_floating_point && leaf.requires_grad && leaf.numel() > 0 ? [leaf] : [],
  );
  return trained.map((leaf) => leaf.double().square().mean()).reduce((sum, term) => sum.add(term));
}

/** The tree of python/networks with `visit` of its leaves. */
function leavesOf(tree, visit) {
  if (Array.isArray(tree)) return tree.map((item) => leavesOf(item, visit));
  if ('leaf' in tree) return visit(tree);
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, leavesOf(item, visit)]));
}

const valueFor = (batch) => (leaf) => {
  if (leaf.leaf === 'const') return leaf.value;
  const size = leaf.size.map((n) => n ?? batch);
  return leaf.leaf === 'randn' ? torch.randn(size) : torch.randint(0, leaf.high, size);
};

/** What happens when a file's program is trained. */
export function train(file, { args, kwargs, batches }, steps) {
  const module = torch.export.load(file).module();
  const names = (entries) => entries.map(([name]) => name).join(', ');
  const lines = [
    `keys ${Object.keys(module.state_dict()).join(', ')}`,
    `parameters ${names(module.named_parameters())}`,
  ];
  const optimizer = new torch.optim.Adam(module.parameters(), { lr: 0.001 });
  for (let step = 0; step < steps; step++) {
    torch.scope(() => {
      torch.manual_seed(step);
      const make = valueFor(batches[step % batches.length]);
      const inputs = leavesOf(args, make);
      const keywords = leavesOf(kwargs, make);
      const result = module(...inputs, ...(Object.keys(keywords).length > 0 ? [keywords] : []));
      lines.push(...flat(result).map(([at, leaf]) => `${step} output${at} ${shown(leaf)}`));
      optimizer.zero_grad();
      lossOf(result).backward();
      if (step === 0) lines.push(...module.named_parameters().map(([name, p]) => `gradient ${name} ${shown(p.grad)}`));
      optimizer.step();
    });
  }
  const state = Object.entries(module.state_dict());
  return [...lines, ...state.map(([name, tensor]) => `state ${name} ${nameOf(tensor)}`)];
}
