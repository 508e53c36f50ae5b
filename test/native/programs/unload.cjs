// A worker loads isotorch and ends, which closes its addon; another one closes some other library, when the C library lets go of
// what has been closed before. libtorch stays.
const { once } = require('node:events');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

const work = {
  isotorch() {
    const torch = require('isotorch');
    const x = torch.randn([300, 3]);
    return x.matmul(x.t()).numel();
  },
  other() {
    try {
      process.dlopen({ exports: {} }, 'libutil.so.1');
    } catch {
      return 'refused'; // it is no addon, and is closed at once
    }
  },
};

async function main() {
  for (const name of ['isotorch', 'other', 'isotorch']) {
    const worker = new Worker(__filename, { workerData: name });
    const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    console.log(name, answer);
  }
}

if (isMainThread) main();
else require('node:worker_threads').parentPort.postMessage(work[workerData]());
