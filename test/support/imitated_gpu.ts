/** A GPU in name only: native code's half of `torch.cuda` answers as one would, and writes down what it was told. */
import { vi } from 'vitest';
import { native } from '../../dist/torch/inside.js';

type StreamParts = [id: number, device: number, type: number];

const DEFAULT: StreamParts = [0, 0, 1];

/** Puts the imitation in place until `vi.restoreAllMocks()`, and returns the list that it writes to. */
export function imitateGpu(): string[] {
  const told: string[] = [];
  let streams = 0;
  let current = DEFAULT;
  let capturing = false;
  const flags = native.get_backend_flag;
  const object = () => native.default_generator('cpu');
  const answers = {
    get_backend_flag: (name: string) => name === 'has.cuda' || flags(name),
    device_count: (type: string) => (['cpu', 'cuda'].includes(type) ? 1 : 0),
    current_accelerator: () => 'cuda',
    current_device_index: () => 0,
    set_device_index: () => {},
    new_stream: () => [++streams, 0, 1],
    default_stream: () => DEFAULT,
    current_stream: () => current,
    set_stream(stream: StreamParts) {
      told.push(`stream ${stream[0]}`);
      current = stream;
    },
    create_event: object,
    event_record: (_event: unknown, [id]: StreamParts) => told.push(`record ${id}`),
    event_block: (_event: unknown, [id]: StreamParts) => told.push(`block ${id}`),
    synchronize: () => told.push('synchronize'),
    empty_device_cache: () => told.push('empty_cache'),
    empty_host_cache: () => {},
    cuda_is_capturing: () => capturing,
    cuda_stream_handle: ([id]: StreamParts) => BigInt(id),
    cuda_new_graph: object,
    cuda_graph_pool_handle: () => [0, 7],
    cuda_graph_capture_begin(_graph: unknown, pool: number[], mode: string) {
      told.push(`begin ${pool.join()} ${mode}`);
      capturing = true;
    },
    cuda_graph_capture_end() {
      told.push('end');
      capturing = false;
    },
    cuda_graph_replay: () => told.push('replay'),
  };
  for (const [name, answer] of Object.entries(answers)) {
    vi.spyOn(native, name as 'synchronize').mockImplementation(answer as never);
  }
  return told;
}
