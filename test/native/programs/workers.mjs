// Worker threads that use the addon and are terminated in the middle of work. Prints what it is about to do, so that
// whoever kills it at a deadline knows which half hung.
import { setTimeout } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as torch from 'isotorch';

const { nn, optim } = torch;

/** Endless work of several kinds; each call of `on` is one turn. */
const kinds = {
  loop() {
    const a = torch.randn([64, 64]);
    return () => torch.scope(() => a.matmul(a).relu().sum().item());
  },
  collected() {
    const a = torch.randn([128, 128]);
    return () => {
      a.add(1).mul(2);
    };
  },
  backward() {
    const w = torch.randn([64, 64], { requires_grad: true });
    return () =>
      torch.scope(() => {
        let y = w;
        for (let i = 0; i < 50; i++) y = y.matmul(w).tanh();
        y.sum().backward();
        w.grad = null;
      });
  },
  hook() {
    const w = torch.randn([32, 32], { requires_grad: true });
    w.register_hook((g) => g.mul(0.5));
    w.register_post_accumulate_grad_hook((p) => {
      p.grad = null;
    });
    return () =>
      torch.scope(() => {
        const y = w.exp();
        y.register_hook((g) => {
          for (let i = 0; i < 20; i++) g.add(1);
        });
        y.sum().backward();
      });
  },
  function() {
    class Double extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.save_for_backward(x);
        return x.mul(2);
      }
      static backward(ctx, g) {
        const [x] = ctx.saved_tensors;
        return g.mul(2).add(x.mul(0));
      }
    }
    const w = torch.randn([32, 32], { requires_grad: true });
    return () =>
      torch.scope(() => {
        Double.apply(w).sum().backward();
        w.grad = null;
      });
  },
  training() {
    const net = new nn.Sequential(new nn.Linear(32, 32), new nn.BatchNorm1d(32), new nn.ReLU(), new nn.Linear(32, 1));
    const optimizer = new optim.Adam(net.parameters());
    return () =>
      torch.scope(() => {
        optimizer.zero_grad();
        net
          .call(torch.randn([16, 32]))
          .square()
          .mean()
          .backward();
        optimizer.step();
      });
  },
};

if (!isMainThread) {
  const turn = kinds[workerData.kind]();
  for (let i = 0; ; i++) {
    turn();
    if (i === 3) parentPort.postMessage('working');
    if (workerData.turns !== undefined && i >= workerData.turns) break;
  }
} else {
  const say = (text) => console.log(text);
  const spawn = (kind, turns) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { kind, turns } });
      worker.once('message', () => resolve(worker));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`${kind} exited with ${code} before it worked`)));
    });
  const result = { terminated: 0, finished: 0 };
  // All kinds at once, several times over, each terminated at another moment.
  for (let round = 0; round < 4; round++) {
    say(`starting round ${round}`);
    const workers = await Promise.all(Object.keys(kinds).map((kind) => spawn(kind)));
    for (const [index, worker] of workers.entries()) {
      await setTimeout((round * 7 + index * 3) % 20);
      say(`terminating ${Object.keys(kinds)[index]} of round ${round}`);
      await worker.terminate();
      result.terminated++;
    }
  }
  // Workers that end by themselves, and the main thread's own work while they run.
  say('starting workers that finish');
  const finishing = Object.keys(kinds).map(
    (kind) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url), { workerData: { kind, turns: 20 } });
        worker.once('error', reject);
        worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${kind} exited with ${code}`))));
      }),
  );
  const mine = kinds.training();
  for (let i = 0; i < 50; i++) mine();
  for (const done of finishing) {
    await done;
    result.finished++;
  }
  // Tensors do not travel between threads.
  say('posting a tensor');
  const before = torch.memory_stats().live_tensors;
  const tensor = torch.ones([2]);
  result.cloneRefused = (() => {
    try {
      structuredClone(tensor);
      return 'accepted';
    } catch (error) {
      return error.name;
    }
  })();
  tensor.dispose();
  result.live = torch.memory_stats().live_tensors - before;
  console.log(JSON.stringify(result));
}
