/** Dataset of a DataLoader: whole tensors, gathered a batch at a time. */
import { refuseKeywords } from '../../call';
import { ValueError } from '../../native';
import { isTensor, type Tensor } from '../../memory';
import { placeClasses, typeName } from '../../core';

/** Samples by number. `Batch` is what the samples of one batch come as. */
export interface Dataset<Batch> {
  /** Number of samples (Python: `len(dataset)`). */
  readonly length: number;
  /** The samples with these numbers (1-D int64), stacked along a first dimension. */
  gather(indices: Tensor): Batch;
}

/** Tensors of equal first size; sample `i` is row `i` of each (Python: `torch.utils.data.TensorDataset`). */
export class TensorDataset<Tensors extends readonly Tensor[]> implements Dataset<Tensors> {
  readonly tensors: Tensors;

  /** @throws ValueError when there is no tensor, or first sizes differ. */
  constructor(...tensors: Tensors) {
    refuseKeywords('TensorDataset.__init__', tensors);
    const [first] = tensors;
    if (first === undefined) throw new ValueError('TensorDataset takes at least one tensor');
    for (const tensor of tensors) {
      if (!isTensor(tensor)) throw new TypeError(`TensorDataset takes tensors, not ${typeName(tensor)}`);
    }
    if (tensors.some((tensor) => tensor.size(0) !== first.size(0))) {
      throw new ValueError('Size mismatch between tensors');
    }
    this.tensors = tensors;
  }

  get length(): number {
    return this.tensors[0]!.size(0);
  }

  /** Row `index` of each tensor, as views (Python: `dataset[index]`). */
  get(index: number): Tensors {
    return this.#each((tensor) => tensor.select(0, index));
  }

  /** Copies of these rows: the same values as Python's one-by-one indexing and stacking. */
  gather(indices: Tensor): Tensors {
    return this.#each((tensor) => tensor.index_select(0, indices.to(tensor.device)));
  }

  #each(change: (tensor: Tensor) => Tensor): Tensors {
    return this.tensors.map(change) as unknown as Tensors;
  }
}

placeClasses({ 'torch.utils.data.dataset': { TensorDataset } });
