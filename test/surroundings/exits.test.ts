/** Programs that end while tensors, graphs, hooks and threads are alive: by their own exit code, never by a crash. */
import { describe, expect, test } from 'vitest';
import { runNode } from './run';

/** What every program begins with: tensors of each sort that stay alive. */
const LIVE = `
  const torch = require('isotorch');
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const { nn } = torch;
  const net = new nn.Sequential(new nn.Linear(4, 4), new nn.BatchNorm1d(4));
  const optimizer = new torch.optim.Adam(net.parameters());
  const x = torch.randn([8, 4], { requires_grad: true });
  const loss = () => net(x).square().mean();
  loss().backward(); optimizer.step();
  const kept = [torch.randn([1000]), loss(), x.grad];
`;

/** Places inside of libtorch's or isotorch's own calls where a program may say that it ends. */
const INSIDE: Record<string, string> = {
  "a tensor's hook": 'x.register_hook(() => END); loss().backward();',
  'a hook of a gradient that was added':
    'net[0].weight.register_post_accumulate_grad_hook(() => END); loss().backward();',
  "a graph node's hook": 'const y = loss(); y.grad_fn.register_hook(() => END); y.backward();',
  "a module's forward hook": 'net.register_forward_hook(() => END); loss();',
  "an optimizer's closure": 'optimizer.step(() => { END; });',
  'a custom function': `class Own extends torch.autograd.Function {
      static forward(ctx, a) { return a.mul(2); }
      static backward(ctx, g) { END; return g; }
    }
    Own.apply(x).sum().backward();`,
  'packing a saved tensor': 'torch.autograd.graph.saved_tensors_hooks(() => END, (a) => a, () => loss());',
  'a scope': 'torch.scope(() => { kept.push(torch.ones([3])); END; });',
  no_grad: 'torch.no_grad(() => { END; });',
  "a getter of an operator's argument": 'torch.add(x, x, { get alpha() { END; return 1; } });',
  'a double backward': `const y = loss();
    const [g] = torch.autograd.grad(y, x, { create_graph: true });
    g.register_hook(() => END);
    g.square().sum().backward();`,
};

describe('process.exit inside of', () => {
  test.each(Object.entries(INSIDE))('%s', async (_, code) => {
    const ended = await runNode(`${LIVE} ${code.replaceAll('END', 'process.exit(7)')}\nprocess.exit(99);`);
    expect(ended).toEqual({ code: 7, signal: null, stdout: '', stderr: '' });
  });
});

describe('an error nobody catches inside of', () => {
  test.each(["a tensor's hook", 'a custom function', "a module's forward hook"])('%s', async (name) => {
    const code = INSIDE[name]!.replaceAll('END', "(() => { throw new Error('thrown inside') })()");
    const { stderr, ...how } = await runNode(`${LIVE} ${code}`);
    expect(how).toEqual({ code: 1, signal: null, stdout: '' });
    expect(stderr).toContain('Error: thrown inside');
  });
});

test('process.exit inside of a worker ends the worker alone, wherever it is said', async () => {
  const program = `${LIVE}
    const ends = ${JSON.stringify(Object.values(INSIDE))};
    const one = (code) => new Promise((resolve) => {
      const text = ${JSON.stringify(LIVE)} + code.replaceAll('END', 'process.exit(7)') + '; process.exit(99)';
      new Worker(text, { eval: true }).once('exit', resolve).once('error', resolve);
    });
    (async () => {
      const codes = [];
      for (const code of ends) codes.push(await one(code));
      loss().backward();
      console.log(codes.join());
    })();`;
  const ended = await runNode(program);
  expect(ended).toEqual({ code: 0, signal: null, stdout: `${Object.values(INSIDE).map(() => 7)}\n`, stderr: '' });
});

/** A worker that computes as fast as it can, and tells when it began. */
const BUSY = `${LIVE}
  loss().backward();
  parentPort.postMessage('up');
  for (;;) { torch.scope(() => { loss().backward(); optimizer.step(); torch.randn([200, 200]).matmul(torch.randn([200, 200])); }); }`;

/** Starts busy workers and goes on with \`then\`. */
const withBusy = (then: string): string => `${LIVE}
  const workers = [0, 1].map(() => new Worker(${JSON.stringify(BUSY)}, { eval: true }));
  Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)))).then(async () => { ${then} });`;

describe('while workers compute', () => {
  test('they are terminated, and the others go on', async () => {
    const ended = await runNode(
      withBusy(`console.log((await Promise.all(workers.map((worker) => worker.terminate()))).join());
        loss().backward(); console.log('went on');`),
    );
    expect(ended).toEqual({ code: 0, signal: null, stdout: '1,1\nwent on\n', stderr: '' });
  });

  test('the program exits', async () => {
    expect(await runNode(withBusy('process.exit(5)'))).toEqual({ code: 5, signal: null, stdout: '', stderr: '' });
  });

  test('the program dies of an error', async () => {
    const { stderr, ...how } = await runNode(withBusy("throw new Error('of its own')"));
    expect(how).toEqual({ code: 1, signal: null, stdout: '' });
    expect(stderr).toContain('Error: of its own');
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('%s ends it by that signal', async (signal) => {
    const ended = await runNode(withBusy(`process.kill(process.pid, '${signal}')`));
    expect(ended).toEqual({ code: null, signal, stdout: '', stderr: '' });
  });
});

describe('at the end', () => {
  test('everything may be alive', async () => {
    expect(await runNode(LIVE)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('handlers of the exit compute', async () => {
    const program = `${LIVE}
      process.on('exit', () => { console.log(torch.ones([3]).sum().item()); torch.enable_grad(() => loss().backward()); });
      x.register_hook(() => process.exit(6));
      kept.push(loss());
      kept[3].backward();`;
    // The hook ends the process, whose handler runs the hook once more.
    expect(await runNode(program)).toEqual({ code: 6, signal: null, stdout: '3\n', stderr: '' });
  });

  test('an asynchronous scope may be open', async () => {
    const program = `${LIVE}
      torch.scope(async () => { kept.push(torch.ones([5])); await new Promise(() => {}); });
      setTimeout(() => process.exit(3), 20);`;
    expect(await runNode(program)).toEqual({ code: 3, signal: null, stdout: '', stderr: '' });
  });
});
