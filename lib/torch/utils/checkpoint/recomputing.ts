/** Checkpoints by hooks on what is saved: the first saved tensor that backward asks for makes the function run again. */
import { enable_grad, graph, no_grad } from '../../autograd';
import { sizeText, valueText } from '../../core';
import { isTensor, keep, type Tensor } from '../../memory';
import { TorchError } from '../../native';
import type { Surroundings } from './surroundings';

/** What was saved or recomputed differs between the two runs of a checkpointed function. */
export class CheckpointError extends TorchError {}

/** How the two runs are compared: by shape, dtype and device of what they save, or not at all. */
export type DeterminismCheck = 'default' | 'none';

/** Stands in the graph for a saved tensor. */
interface Holder {
  readonly index: number;
}

function metadataText(tensor: Tensor): string {
  const { shape, dtype, device } = tensor;
  return `{'shape': ${sizeText(shape)}, 'dtype': ${dtype}, 'device': ${valueText(device)}}`;
}

/** One checkpointed call. */
export class Frame {
  /** What the first run saved, as text. */
  private readonly metadata: string[] = [];
  /** What the second run saved and backward has not asked for yet, by place. */
  private recomputed = new Map<number, Tensor>();
  private count = 0;
  private stopped = false;

  constructor(
    private readonly run: () => unknown,
    private readonly again: Surroundings,
    private readonly check: DeterminismCheck,
    private readonly early_stop: boolean,
  ) {}

  /** Runs the function for the first time: what it saves becomes a place in the list. */
  record<T>(body: () => T): T {
    const pack = (tensor: Tensor): Holder => {
      this.metadata.push(this.check === 'none' ? '' : no_grad(() => metadataText(tensor)));
      return { index: this.metadata.length - 1 };
    };
    return graph.saved_tensors_hooks(pack, ({ index }) => this.unpack(index), body);
  }

  private unpack(index: number): Tensor {
    if (!this.recomputed.has(index)) this.recompute();
    const tensor = this.recomputed.get(index)!;
    this.recomputed.delete(index);
    return tensor;
  }

  private recompute(): void {
    this.recomputed = new Map();
    this.count = 0;
    this.stopped = false;
    const pack = (tensor: Tensor): Tensor => this.take(tensor.requires_grad ? tensor.detach() : tensor);
    try {
      graph.saved_tensors_hooks(
        pack,
        (tensor: Tensor) => tensor,
        () => enable_grad(() => this.again(this.run)),
      );
    } catch (error) {
      if (!this.stopped) throw error;
    }
    this.compare();
  }

  /** Takes one tensor of the second run. All that the first one saved are enough: the rest of it is not needed. */
  private take(tensor: Tensor): Tensor {
    const index = this.count++;
    if (index >= this.metadata.length) {
      throw new CheckpointError(
        'torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass.',
      );
    }
    this.recomputed.set(index, keep(tensor));
    if (this.early_stop && this.count === this.metadata.length) {
      this.stopped = true;
      throw new TorchError('torch.utils.checkpoint: what was needed is recomputed');
    }
    return tensor;
  }

  private compare(): void {
    if (this.count !== this.metadata.length) {
      throw new CheckpointError(
        `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during forward: ${this.metadata.length}\nNumber of tensors saved during recomputation: ${this.count}.`,
      );
    }
    if (this.check === 'none') return;
    const different = this.metadata.flatMap((saved, index) => {
      const recomputed = metadataText(this.recomputed.get(index)!);
      if (recomputed === saved) return [];
      return `tensor at position ${index}:\nsaved metadata: ${saved}\nrecomputed metadata: ${recomputed}\n`;
    });
    if (different.length === 0) return;
    throw new CheckpointError(
      `torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n${different.join('')}`,
    );
  }
}

/** Keeps the tensors among the arguments: the second run reads them after the scope of the first one. */
export function keepTensors(args: readonly unknown[]): void {
  for (const arg of args) if (isTensor(arg)) keep(arg as Tensor);
}
