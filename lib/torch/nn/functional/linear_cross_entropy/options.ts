import { type KeywordsOf, pythonClass } from '../../../call';
import { native, ValueError } from '../../../native';
import { bfloat16, type Device, type Dtype, float16, float32, float64, valueText } from '../../../core';

/** Share of the work in the wider dtype: more is more exact, and larger. */
export type AccumulationPolicy = 'accurate' | 'balanced' | 'compact';

/** The options with everything decided for one call. */
export interface ResolvedOptions {
  allow_retain_graph: boolean;
  batch_chunk_size: number;
  acc_policy: AccumulationPolicy;
  acc_dtype: Dtype;
}

/** Problem that the options are resolved for. */
export interface Problem {
  num_batches: number;
  in_features: number;
  num_classes: number;
  dtype: Dtype;
  device: Device;
}

/** Meaning of 'auto': [policy, method]. On the CPU only 'accurate' multiplies 16-bit matrices in float32. */
function automatic(device: Device, dtype: Dtype): readonly [AccumulationPolicy, string] {
  const narrow = dtype === bfloat16 || dtype === float16;
  return narrow && device.type === 'cpu' ? ['accurate', 'aspect_ratio'] : ['compact', 'aspect_ratio:2'];
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : valueText(value);
}

function ceilDivide(a: number, b: number): number {
  return Math.ceil(a / b);
}

/** Rows per chunk that make a chunk's logits as large as the input, divided by the method's factor. */
function rowsByAspectRatio(method: string, { num_batches, in_features, num_classes }: Problem): number {
  const factor = Number(method.split(':')[1] ?? 1);
  const target = ceilDivide(num_batches, ceilDivide(num_classes, in_features));
  const power = 2 ** Math.ceil(native.libm('log2', target));
  return Math.min(Math.floor(power / factor), num_batches);
}

class Options {
  constructor(
    /** Whether backward may run again on the same graph, at the cost of one more gradient. Default false. */
    readonly allow_retain_graph: boolean = false,
    /** Rows of the batch per chunk; null for what `chunking_method` says, or all. */
    readonly batch_chunk_size: number | null = null,
    /** 'auto' (default), 'aspect_ratio', 'aspect_ratio:N', or null for none. */
    readonly chunking_method: string | null = 'auto',
    /** Default 'auto'. */
    readonly acc_policy: AccumulationPolicy | 'auto' = 'auto',
    /** Dtype of sums; null for float32 with 16-bit inputs under 'auto', else the input's. */
    readonly acc_dtype: Dtype | null = null,
  ) {
    if (!['auto', 'accurate', 'balanced', 'compact'].includes(acc_policy)) {
      throw new ValueError(`invalid acc_policy: ${quoted(acc_policy)}`);
    }
    if (chunking_method !== null && !/^(auto|aspect_ratio(:0*[1-9]\d*)?)$/.test(chunking_method)) {
      throw new ValueError(`invalid chunking_method: ${quoted(chunking_method)}`);
    }
    if (batch_chunk_size !== null && !(Number.isInteger(batch_chunk_size) && batch_chunk_size > 0)) {
      throw new ValueError(`batch_chunk_size must be positive int or None, got ${quoted(batch_chunk_size)}`);
    }
    if (acc_dtype !== null && ![float16, bfloat16, float32, float64].includes(acc_dtype)) {
      throw new ValueError(
        'acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, ' +
          `got ${quoted(acc_dtype)}. Pass acc_dtype=None to let the op pick automatically.`,
      );
    }
  }

  /** The options as Python's dataclass shows them. */
  toString(): string {
    const { allow_retain_graph, batch_chunk_size, chunking_method, acc_policy, acc_dtype } = this;
    const options = { allow_retain_graph, batch_chunk_size, chunking_method, acc_policy, acc_dtype };
    const shown = Object.entries(options).map(([name, value]) => `${name}=${quoted(value)}`);
    return `LinearCrossEntropyOptions(${shown.join(', ')})`;
  }

  /** @internal Decides what is 'auto' or null. Throws ValueError when size and method disagree. */
  resolve(problem: Problem): ResolvedOptions {
    const { dtype, device, num_batches } = problem;
    const [policy, method] = automatic(device, dtype);
    const acc_policy = this.acc_policy === 'auto' ? policy : this.acc_policy;
    const chosen = this.batch_chunk_size;
    const automaticMethod = chosen === null ? method : null;
    const chunking = this.chunking_method === 'auto' ? automaticMethod : this.chunking_method;
    let rows = Math.min(chosen ?? num_batches, num_batches);
    if (chunking !== null) {
      rows = rowsByAspectRatio(chunking, problem);
      if (chosen !== null && chosen !== rows) {
        throw new ValueError(
          `batch_chunk_size (=${chosen}) and chunking_method ('${chunking}') give different chunk sizes ` +
            `(${chosen} vs ${rows}); pass only one.`,
        );
      }
    }
    const narrow = dtype === bfloat16 || dtype === float16;
    const wide = this.acc_policy === 'auto' && narrow && ['cpu', 'cuda'].includes(device.type) ? float32 : dtype;
    return {
      allow_retain_graph: this.allow_retain_graph,
      batch_chunk_size: Math.max(1, rows),
      acc_policy,
      acc_dtype: this.acc_dtype ?? wide,
    };
  }
}

/**
 * How `linear_cross_entropy` works through the batch in chunks, so that all logits are never in memory at once.
 *
 * @throws ValueError for values that are none of those described
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LinearCrossEntropyOptions.html
 */
export class LinearCrossEntropyOptions extends pythonClass(
  'LinearCrossEntropyOptions',
  ['allow_retain_graph', 'batch_chunk_size', 'chunking_method', 'acc_policy', 'acc_dtype'],
  Options,
) {}

/** Arguments of `LinearCrossEntropyOptions`. */
export type LinearCrossEntropySettings = KeywordsOf<typeof LinearCrossEntropyOptions>;
