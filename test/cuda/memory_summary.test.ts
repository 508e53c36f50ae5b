// The table of `torch.cuda.memory_summary`, for made-up figures of all magnitudes, letter for letter as Python prints it.
import { summaryText } from '../../dist/torch/inside.js';
import { parity } from '../support/parity';

const metrics = ['allocated_bytes', 'active_bytes', 'requested_bytes', 'reserved_bytes', 'inactive_split_bytes'];
const counts = ['allocation', 'active', 'segment', 'inactive_split'];
const columns = ['current', 'peak', 'allocated', 'freed'];

/** Figures up to `largest`, which differ from one another. */
function figures(largest: number): Record<string, number> {
  const stats: Record<string, number> = { num_ooms: 3, num_alloc_retries: 12 };
  let next = 1;
  const draw = (): number => {
    next = (next * 48271) % 2147483647;
    return Math.floor((next / 2147483647) * largest);
  };
  for (const metric of [...metrics, ...counts]) {
    for (const pool of ['all', 'small_pool', 'large_pool']) {
      for (const column of columns) stats[`${metric}.${pool}.${column}`] = draw();
    }
  }
  for (const metric of ['oversize_allocations', 'oversize_segments']) {
    for (const column of columns) stats[`${metric}.${column}`] = draw();
  }
  return stats;
}

const cases = [0, 700, 800_000, 9e8, 7e9, 3e12, 9e15].flatMap((largest) => {
  const stats = figures(largest);
  return [true, false].map((abbreviated) => ({
    name: `figures up to ${largest}${abbreviated ? ', abbreviated' : ''}`,
    python: `
      import torch.cuda.memory as memory
      memory.memory_stats = lambda device=None: ${JSON.stringify(stats)}
      memory._get_device_index = lambda *args, **kwargs: 4
      return {"text": memory.memory_summary(abbreviated=${abbreviated ? 'True' : 'False'})}`,
    ours: () => ({ text: summaryText(stats, 4, abbreviated) }),
  }));
});

parity('memory_summary', cases, { threads: [1] });
