// Blocks of all sizes made and freed in no order, each with a number of its own in every element, on several threads at once. Then
// memory that is needed no more. Prints what was found as JSON.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as torch from 'isotorch';

torch.set_num_threads(1);
const MiB = 2 ** 20;
const rss = () => process.memoryUsage.rss() / MiB;

/** So many turns: a block is made, another one looked at and freed. @returns blocks that did not hold their number any more */
function churn(seed, turns) {
  let state = BigInt(seed);
  const random = (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 33n) % below;
  };
  const held = [];
  let spoilt = 0;
  const free = (index) => {
    const [[tensor, number]] = held.splice(index, 1);
    if (!torch.scope(() => tensor.eq(number).all().item())) spoilt++;
    tensor.dispose();
  };
  for (let turn = 0; turn < turns; turn++) {
    // 1 KiB to 2 MiB, at times 40 MiB, which are the system's.
    const bytes = turn % 100 === 99 ? 40 * MiB : 2 ** (10 + random(11)) + random(5000);
    held.push([torch.full([bytes], turn % 251, { dtype: torch.uint8 }), turn % 251]);
    if (held.length > 60) free(random(held.length));
  }
  while (held.length > 0) free(random(held.length));
  return spoilt;
}

/** Megabytes of the process with large blocks, and after work that does not need them. */
function calm() {
  const large = Array.from({ length: 24 }, () => torch.ones([24 * MiB], { dtype: torch.uint8 }));
  const before = rss();
  for (const one of large) one.dispose();
  for (let i = 0; i < 40_000; i++) torch.scope(() => torch.empty([2000]));
  return { before, after: rss() };
}

if (isMainThread) {
  const workers = [1, 2].map((seed) => new Worker(new URL(import.meta.url), { workerData: seed }));
  const answers = workers.map((worker) => once(worker, 'message'));
  const own = churn(3, 1500);
  const others = (await Promise.all(answers)).map(([spoilt]) => spoilt);
  console.log(JSON.stringify({ spoilt: [own, ...others], ...calm() }));
} else {
  parentPort.postMessage(churn(workerData, 1500));
}
