import { type Arguments, pythonClass, pythonMethods } from '../../call';
import { sizeText } from '../../core';
import { argmax } from '../../generated/functions';
import { NamedResult, type Tensor } from '../../memory';
import { TorchError, ValueError } from '../../native';
import { floordiv, pow } from '../../python';
import { log_softmax } from '../functional/softmax';
import { FACTORY, type Factory } from '../module/factory';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { ModuleList, Sequential } from './container';
import { Linear } from './linear';

/** What `AdaptiveLogSoftmaxWithLoss` returns. */
class ASMoutput extends NamedResult {
  constructor(
    /** Log-probability of each target. */
    readonly output: Tensor,
    /** Minus their mean. */
    readonly loss: Tensor,
  ) {
    super();
  }

  override toString(): string {
    return `_ASMoutput(output=${this.output}, loss=${this.loss})`;
  }
}

function checkCutoffs(cutoffs: readonly number[], n_classes: number): void {
  if (cutoffs.length === 0) throw new ValueError('cutoffs should be a sequence of length larger than 0');
  const fit = cutoffs.every((cutoff, i) => {
    return Number.isInteger(cutoff) && cutoff > (cutoffs[i - 1] ?? 0) && cutoff <= n_classes - 1;
  });
  if (fit) return;
  throw new ValueError(
    'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1',
  );
}

class AdaptiveLogSoftmaxWithLossModule extends Module {
  static {
    pythonMethods(this.prototype, 'AdaptiveLogSoftmaxWithLoss', {
      reset_parameters: [],
      forward: ['input_', 'target_'],
      _get_full_log_prob: ['input', 'head_output'],
      log_prob: ['input'],
      predict: ['input'],
    });
  }

  /** Classes at which clusters begin, and the number of classes. */
  readonly cutoffs: readonly number[];
  /** Number of classes that the head tells apart. */
  readonly shortlist_size: number;
  readonly n_clusters: number;
  readonly head_size: number;
  head: Linear;
  tail: ModuleList<Sequential>;

  constructor(
    /** Length of the input's last dimension. */
    readonly in_features: number,
    /** Number of classes, the frequent ones first. */
    readonly n_classes: number,
    cutoffs: readonly number[],
    /** Divisor of the length of the vectors from one cluster to the next. Default 4. */
    readonly div_value: number = 4,
    /** Whether the head has a bias. Default false. */
    readonly head_bias: boolean = false,
    ...factory: Factory
  ) {
    super();
    checkCutoffs(cutoffs, n_classes);
    this.cutoffs = [...cutoffs, n_classes];
    this.shortlist_size = cutoffs[0]!;
    this.n_clusters = cutoffs.length;
    this.head_size = this.shortlist_size + this.n_clusters;
    this.head = new Linear(in_features, this.head_size, head_bias, ...factory);
    this.tail = new ModuleList<Sequential>();
    for (let i = 0; i < this.n_clusters; i++) {
      const width = Number(floordiv(in_features, pow(div_value, i + 1)));
      const classes = this.cutoffs[i + 1]! - this.cutoffs[i]!;
      const down = new Linear(in_features, width, false, ...factory);
      this.tail.append(new Sequential(down, new Linear(width, classes, false, ...factory)));
    }
  }

  /** Draws new initial values: the head's, then those of the clusters. */
  reset_parameters(): void {
    this.head.reset_parameters();
    for (const projection of this.tail) for (const linear of projection) (linear as Linear).reset_parameters();
  }

  private checkTarget(input: Tensor, target: Tensor): void {
    if (target.ndim > 1) throw new TorchError('0D or 1D target tensor expected, multi-target not supported');
    if (target.ndim === 1 && input.size(0) !== target.size(0)) {
      throw new TorchError('Input and target should have the same size in the batch dimension.');
    }
    if (input.ndim !== target.ndim + 1) {
      throw new TorchError(
        `${target.ndim}D target tensor expects ${target.ndim + 1}D input tensors, but found inputs with size ${sizeText(input.shape)}`,
      );
    }
  }

  /** Log-probabilities of the targets, and the loss. Throws TorchError for targets that are no classes. */
  override forward(...args: Arguments<['input_', 'target_'], [input_: Tensor, target_: Tensor]>): ASMoutput;
  override forward(input_: Tensor, target_: Tensor): ASMoutput {
    this.checkTarget(input_, target_);
    const isBatched = target_.ndim > 0;
    const input = isBatched ? input_ : input_.unsqueeze(0);
    const target = isBatched ? target_ : target_.unsqueeze(0);
    const size = target.size(0);
    let used = 0;
    let output = input.new_zeros([size]);
    const gathered = target.new_empty([size]);
    for (const [i, high] of this.cutoffs.entries()) {
      const low = this.cutoffs[i - 1] ?? 0;
      const mask = target.ge(low).__and__(target.lt(high));
      const rows = mask.nonzero().squeeze();
      if (rows.numel() === 0) continue;
      if (i === 0) {
        gathered.index_copy_(0, rows, target.get(mask));
      } else {
        const relative = target.get(mask).sub(low);
        const logits = this.tail.get(i - 1)(input.index_select(0, rows));
        gathered.index_fill_(0, rows, this.shortlist_size + i - 1);
        const local = log_softmax(logits, 1).gather(1, relative.unsqueeze(1));
        output.index_copy_(0, rows, local.squeeze(1));
      }
      used += rows.numel();
    }
    if (used !== size) {
      throw new TorchError(
        `Target values should be in [0, ${this.n_classes - 1}], but values in range [${target.min().item()}, ${target.max().item()}] were found. `,
      );
    }
    const headLogProbabilities = log_softmax(this.head(input), 1);
    output.add_(headLogProbabilities.gather(1, gathered.unsqueeze(1)).squeeze());
    const loss = output.neg().mean();
    if (!isBatched) output = output.squeeze(0);
    return new ASMoutput(output, loss);
  }

  /** Log-probabilities of all classes, from what the head made of the input. */
  _get_full_log_prob(input: Tensor, head_output: Tensor): Tensor {
    const { shortlist_size, cutoffs } = this;
    const out = input.new_empty([head_output.size(0), this.n_classes]);
    const head = log_softmax(head_output, 1);
    out.narrow(1, 0, shortlist_size).copy_(head.narrow(1, 0, shortlist_size));
    for (let i = 0; i < this.n_clusters; i++) {
      const local = log_softmax(this.tail.get(i)(input), 1);
      const [start, stop] = [cutoffs[i]!, cutoffs[i + 1]!];
      out.narrow(1, start, stop - start).copy_(local.add(head.select(1, shortlist_size + i).unsqueeze(1)));
    }
    return out;
  }

  /** Log-probabilities of all classes: (N, in_features) → (N, n_classes). */
  log_prob(...args: Input): Tensor;
  log_prob(input: Tensor): Tensor {
    return this._get_full_log_prob(input, this.head(input));
  }

  /** The most probable class of each row: (N, in_features) → (N). */
  predict(...args: Input): Tensor;
  predict(input: Tensor): Tensor {
    const head_output = this.head(input);
    const output = argmax(head_output, 1);
    const rare = output.ge(this.shortlist_size);
    if (!rare.any().item()) return output;
    if (rare.all().item()) return argmax(this._get_full_log_prob(input, head_output), 1);
    const log_prob = this._get_full_log_prob(input.get(rare), head_output.get(rare));
    output.set(rare, argmax(log_prob, 1));
    return output;
  }
}

/**
 * Softmax over many classes, of which few are frequent: the rare ones lie in clusters, which are computed only where they
 * are targets. See Grave et al. (2017), Efficient softmax approximation for GPUs.
 *
 * @throws ValueError for cutoffs that do not rise from 1 to n_classes − 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html
 */
export class AdaptiveLogSoftmaxWithLoss extends pythonClass(
  'AdaptiveLogSoftmaxWithLoss',
  ['in_features', 'n_classes', 'cutoffs', 'div_value', 'head_bias', ...FACTORY],
  AdaptiveLogSoftmaxWithLossModule,
) {}
