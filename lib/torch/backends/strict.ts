/** The strict settings of `isotorch repro --strict`, as far as they are switches and no variables of libtorch. */
import { native } from '../native';

/** Switches by native name, and what they are under the strict settings. */
const switches = {
  // Both cut convolutions into blocks by the size of the processor's caches.
  'mkldnn.enabled': false,
  'nnpack.enabled': false,
  'cudnn.deterministic': true,
  'cudnn.benchmark': false,
  'cudnn.allow_tf32': false,
  'cuda.matmul.allow_tf32': false,
} as const;

const setting = process.env.ISOTORCH_REPRO;
if (setting === 'strict') {
  native.set_deterministic(true, false);
  for (const [name, value] of Object.entries(switches)) native.set_backend_flag(name, value);
} else if (setting !== undefined && setting !== '') {
  throw new Error(`isotorch: ISOTORCH_REPRO is '${setting}'; the one value it may have is 'strict'`);
}
