import { no_grad } from '../../autograd';
import { type Arguments, bind, signature } from '../../call';
import { sameShape, sizeText } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { NotImplementedError, TorchError, ValueError } from '../../native';
import { typename } from '../../tensor';
import type { Module } from '../module/module';
import { ModuleList } from '../modules/container';
import { Parameter } from '../parameter';

/** A module that can be a parametrization. */
export interface Parametrization extends Module {
  /** From the parametrized tensor to what it is computed from. */
  right_inverse?(value: Tensor): Tensor | readonly Tensor[];
}

type Callable = (...inputs: unknown[]) => unknown;

/** Stands for `self`, which Python counts. */
const SELF = Symbol('self');

/** Registers a parameter, or a buffer. */
export function registerTensor(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) module.register_parameter(name, tensor);
  else module.register_buffer(name, tensor);
}

/** Python's name of a value's type, without its module. */
export function shortType(value: unknown): string {
  return isTensor(value) ? 'Tensor' : typename(value).split('.').at(-1)!;
}

/** Throws ValueError unless `what` kept dtype and shape of a tensor. */
export function checkSame(
  before: Tensor,
  after: unknown,
  words: (property: string, before: string, after: string) => string,
): void {
  if (!isTensor(after)) {
    throw new ValueError(`A parametrization must return a tensor. Got ${shortType(after)}.`);
  }
  const { dtype, shape } = after as Tensor;
  if (dtype !== before.dtype) throw new ValueError(words('dtype', String(before.dtype), String(dtype)));
  if (!sameShape(shape, before.shape)) throw new ValueError(words('shape', sizeText(before.shape), sizeText(shape)));
}

/**
 * The parametrizations of one tensor, one applied to what the other gives, and the tensor they compute it from:
 * `original`, or `original0`, `original1`, …. Its `forward` gives the parametrized tensor.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.ParametrizationList.html
 */
export class ParametrizationList extends ModuleList<Parametrization> {
  unsafe: boolean;
  is_tensor: boolean;
  ntensors: number;
  declare original: Tensor;

  constructor(
    ...args: Arguments<
      ['modules', 'original', 'unsafe'],
      [modules: readonly Parametrization[], original: Tensor, unsafe?: boolean]
    >
  ) {
    const [, modules, original, unsafe = false] = bind(
      signature('ParametrizationList.__init__', ['self', 'modules', 'original', 'unsafe'], 3),
      [SELF, ...args],
    ) as [unknown, readonly Parametrization[], Tensor, boolean?];
    if (modules.length === 0) throw new ValueError('ParametrizationList requires one or more modules.');
    super(modules);
    this.unsafe = unsafe;
    const { shape, dtype } = original;
    const made = this.inverse(original);
    this.is_tensor = isTensor(made);
    this.ntensors = isTensor(made) ? 1 : made.length;
    if (isTensor(made)) this.holdOne(original, made as Tensor);
    else this.holdMany(original, made as readonly Tensor[]);
    if (!unsafe) this.check(shape, dtype);
  }

  private inverse(original: Tensor): Tensor | readonly Tensor[] {
    let made: Tensor | readonly Tensor[] = original;
    no_grad(() => {
      for (const module of [...this].reverse()) {
        if (typeof module.right_inverse !== 'function') continue;
        try {
          made = module.right_inverse(made as Tensor);
        } catch (error) {
          if (!(error instanceof NotImplementedError)) throw error;
        }
      }
    });
    if (!isTensor(made) && !Array.isArray(made)) {
      throw new ValueError(
        `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got ${shortType(made)}`,
      );
    }
    return made;
  }

  private holdOne(original: Tensor, made: Tensor): void {
    for (const property of ['dtype', 'device'] as const) {
      const [before, after] = [String(original[property]), String(made[property])];
      if (before === after) continue;
      throw new ValueError(
        `When \`right_inverse\` outputs one tensor, it may not change the ${property}.\noriginal.${property}: ${before}\nright_inverse(original).${property}: ${after}`,
      );
    }
    no_grad(() => original.set_(made));
    registerTensor(this, 'original', original);
  }

  private holdMany(original: Tensor, made: readonly Tensor[]): void {
    for (const [i, each] of made.entries()) {
      if (!isTensor(each)) {
        throw new ValueError(
          `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got element ${i} of the sequence with type ${shortType(each)}.`,
        );
      }
      const held = original instanceof Parameter ? new Parameter(each, original.requires_grad) : (each as Tensor);
      registerTensor(this, `original${i}`, held.requires_grad_(original.requires_grad));
    }
  }

  private check(shape: readonly number[], dtype: Tensor['dtype']): void {
    const made: unknown = (this as unknown as Callable)();
    const before = { shape, dtype } as Tensor;
    checkSame(
      before,
      made,
      (property, was, is) =>
        `Registering a parametrization may not change the ${property} of the tensor, unless \`unsafe\` flag is enabled.\nunparametrized ${property}: ${was}\nparametrized ${property}: ${is}`,
    );
  }

  /** Makes `original` what gives the value; every parametrization has to have a `right_inverse`. */
  right_inverse(value: Tensor): void {
    let made: unknown = value;
    no_grad(() => {
      for (const module of [...this].reverse()) {
        if (typeof module.right_inverse !== 'function') {
          throw new TorchError(`parametrization ${module.constructor.name} does not implement right_inverse.`);
        }
        made = module.right_inverse(made as Tensor);
      }
      if (this.is_tensor) this.setOne(made);
      else this.setMany(made);
    });
  }

  private setOne(made: unknown): void {
    if (!isTensor(made)) throw new ValueError(`\`right_inverse\` should return a tensor. Got ${shortType(made)}`);
    const { dtype } = made as Tensor;
    if (dtype !== this.original.dtype) {
      throw new ValueError(
        `The tensor returned by \`right_inverse\` has dtype ${dtype} while \`original\` has dtype ${this.original.dtype}`,
      );
    }
    this.original.set_(made as Tensor);
  }

  private setMany(made: unknown): void {
    if (!Array.isArray(made)) {
      throw new ValueError(`'right_inverse' must return a sequence of tensors. Got ${shortType(made)}.`);
    }
    if (made.length !== this.ntensors) {
      throw new ValueError(
        `'right_inverse' must return a sequence of tensors of length ${this.ntensors}. Got a sequence of length ${made.length}.`,
      );
    }
    for (const [i, each] of (made as unknown[]).entries()) {
      const original = this.originals()[i]!;
      if (!isTensor(each)) {
        throw new ValueError(
          `'right_inverse' must return a sequence of tensors or reference-type opaques. Got element ${i} of type ${shortType(each)}.`,
        );
      }
      const { dtype } = each as Tensor;
      if (dtype !== original.dtype) {
        throw new ValueError(
          `Tensor ${i} returned by \`right_inverse\` has dtype ${dtype} while \`original${i}\` has dtype ${original.dtype}`,
        );
      }
      original.set_(each as Tensor);
    }
  }

  /** The tensors that the parametrized one is computed from. */
  private originals(): Tensor[] {
    if (this.is_tensor) return [this.original];
    const named = this as unknown as Readonly<Record<string, Tensor>>;
    return Array.from({ length: this.ntensors }, (_, i) => named[`original${i}`]!);
  }

  /** The parametrized tensor. */
  override forward(): Tensor {
    const [first, ...others] = [...this] as unknown as Callable[];
    let made = first!(...this.originals());
    for (const each of others) made = each(made);
    return made as Tensor;
  }
}
