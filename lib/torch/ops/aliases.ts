/** Second names of operators: of old for sparse matrix products, and Python's private one. */
import { type OpPacket, ops } from './ops';

export {
  hspmm as hsmm,
  mm as dsmm,
  mm as spmm,
  segment_reduce as _segment_reduce,
  sspaddmm as saddmm,
} from '../generated/functions';

const packets = ops.aten as unknown as Readonly<Record<'quantized_gru' | 'quantized_lstm', OpPacket>>;

/** `torch.ops.aten.quantized_gru`, as in Python. */
export const quantized_gru = packets.quantized_gru;

/** `torch.ops.aten.quantized_lstm`, as in Python. */
export const quantized_lstm = packets.quantized_lstm;
