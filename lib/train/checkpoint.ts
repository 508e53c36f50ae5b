/**
 * Checkpoints with everything an exact continuation needs, in one safetensors file: parameters and buffers,
 * optimizer state, generator states, data order, and the statistics not yet written.
 */
import { load_file, save_file } from '../io';
import type { Tensor } from '../tensor/tensor';
