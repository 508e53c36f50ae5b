/** `torch.nn.utils.parametrizations`: weights that are orthogonal, or have a norm of their own, or a spectral norm of one. */
import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import { returningModule } from './returning_module';
import { contiguous_format, sameShape, sizeText } from '../../core';
import * as torch from '../../generated/functions';
import { householder_product, solve } from '../../generated/linalg';
import { isTensor, type Tensor } from '../../memory';
import { AssertionError, NotImplementedError, ValueError } from '../../native';
import { finfo } from '../../tensor';
import { normalize } from '../functional';
import { Module } from '../module/module';
import { stateHooksOf } from '../module/state_hook_registration';
import type { LoadArguments } from '../module/state_hooks';
import { attribute } from './hook_objects';
import { outputDim } from './output_dim';
import { register_parametrization } from './parametrize';

/** How a matrix becomes an orthogonal one. */
export type OrthogonalMap = 'matrix_exp' | 'cayley' | 'householder';

const MAPS: readonly string[] = ['matrix_exp', 'cayley', 'householder'] satisfies OrthogonalMap[];

function isOrthogonal(q: Tensor): boolean {
  const [n, k] = [q.size(-2), q.size(-1)];
  const identity = torch.eye(k, { dtype: q.dtype, device: q.device });
  return torch.allclose(q.mH.matmul(q), identity, { atol: 10 * n * finfo(q.dtype).eps });
}

/** The orthogonal factor of a matrix, the one that is the matrix itself where that is orthogonal. */
function madeOrthogonal(matrix: Tensor): Tensor {
  const [x, tau] = torch.geqrf(matrix);
  const q = householder_product(x!, tau!);
  return q.mul_(x!.diagonal({ dim1: -2, dim2: -1 }).sgn().unsqueeze(-2));
}

class _Orthogonal extends Module {
  declare base: Tensor | null;
  readonly shape: readonly number[];

  constructor(
    weight: Tensor,
    readonly orthogonal_map: OrthogonalMap,
    use_trivialization: boolean,
  ) {
    super();
    if (weight.is_complex() && orthogonal_map === 'householder') {
      throw new ValueError('The householder parametrization does not support complex tensors.');
    }
    this.shape = weight.shape;
    if (use_trivialization) this.register_buffer('base', null);
  }

  override forward(input: Tensor): Tensor {
    const transposed = input.size(-2) < input.size(-1);
    const x = transposed ? input.mT : input;
    let q = this.orthogonal_map === 'householder' ? this.reflected(x) : this.rotated(x);
    if (Object.hasOwn(this, 'base')) q = (this.base as Tensor).matmul(q);
    return transposed ? q.mT : q;
  }

  private rotated(input: Tensor): Tensor {
    const [n, k] = [input.size(-2), input.size(-1)];
    let x = input.tril();
    if (n !== k) {
      const more = x.new_zeros([n, n - k]).expand([...x.shape.slice(0, -2), -1, -1]);
      x = torch.cat([x, more], { dim: -1 });
    }
    const a = x.sub(x.mH);
    let q: Tensor;
    if (this.orthogonal_map === 'matrix_exp') q = torch.matrix_exp(a);
    else {
      const identity = torch.eye(n, { dtype: a.dtype, device: a.device });
      q = solve(torch.add(identity, a, { alpha: -0.5 }), torch.add(identity, a, { alpha: 0.5 }));
    }
    return n === k ? q : q.get('...', `:${k}`);
  }

  private reflected(x: Tensor): Tensor {
    const a = x.tril({ diagonal: -1 });
    const tau = a.mul(a).sum({ dim: -2 }).add(1).__rtruediv__(2);
    return householder_product(a, tau).mul(x.diagonal({ dim1: -2, dim2: -1 }).int().unsqueeze(-2));
  }

  /** The matrix from which `forward` makes an orthogonal one. */
  right_inverse(given: Tensor): Tensor {
    return no_grad(() => this.inverse(given));
  }

  private inverse(given: Tensor): Tensor {
    if (!sameShape(given.shape, this.shape)) {
      throw new ValueError(
        `Expected a matrix or batch of matrices of shape ${sizeText(this.shape)}. Got a tensor of shape ${sizeText(given.shape)}.`,
      );
    }
    const transpose = given.size(-2) < given.size(-1);
    let q = transpose ? given.mT : given;
    const [n, k] = [q.size(-2), q.size(-1)];
    if (!Object.hasOwn(this, 'base')) {
      if (this.orthogonal_map !== 'householder') {
        throw new NotImplementedError(
          'It is not possible to assign to the matrix exponential or the Cayley parametrizations when use_trivialization=False.',
        );
      }
      const [a, tau] = torch.geqrf(q);
      a!.diagonal({ dim1: -2, dim2: -1 }).sign_();
      const diagonal = a!.diagonal({ dim1: -2, dim2: -1 });
      const still = tau!.eq(0);
      diagonal.__setitem__(still, diagonal.__getitem__(still).mul(-1));
      return transpose ? a!.mT : a!;
    }
    if (n === k) q = isOrthogonal(q) ? q.clone() : madeOrthogonal(q);
    else {
      const more = torch.randn([...q.shape.slice(0, -2), n, n - k], { dtype: q.dtype, device: q.device });
      q = madeOrthogonal(torch.cat([q, more], { dim: -1 }));
    }
    this.base = q;
    const negative = torch.zeros_like(given);
    negative.diagonal({ dim1: -2, dim2: -1 }).fill_(-1);
    return negative;
  }
}

function weightOf(module: Module, name: string): Tensor {
  const weight = attribute<unknown>(module, name);
  if (!isTensor(weight)) throw new ValueError(`Module '${module}' has no parameter or buffer with name '${name}'`);
  return weight as Tensor;
}

/**
 * Makes a weight orthogonal (unitary, if complex): its columns, or its rows where it has more columns. Returns the module.
 *
 * @throws ValueError for vectors, and for an unknown map
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.orthogonal.html
 */
export const orthogonal = returningModule(
  pythonFunction(
    'orthogonal',
    ['module', 'name', 'orthogonal_map', '*', 'use_trivialization'],
    <M extends Module>(
      module: M,
      name: string = 'weight',
      orthogonal_map: OrthogonalMap | null = null,
      use_trivialization: boolean = true,
    ): M => {
      const weight = weightOf(module, name);
      if (weight.ndim < 2) {
        throw new ValueError(`Expected a matrix or batch of matrices. Got a tensor of ${weight.ndim} dimensions.`);
      }
      const square = weight.size(-2) === weight.size(-1);
      const map = orthogonal_map ?? (square || weight.is_complex() ? 'matrix_exp' : 'householder');
      if (!MAPS.includes(map)) {
        throw new ValueError(`orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${map}`);
      }
      const made = new _Orthogonal(weight, map, use_trivialization);
      register_parametrization(module, name, made, { unsafe: true });
      return module;
    },
  ),
);

class _WeightNorm extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override forward(weight_g: Tensor, weight_v: Tensor): Tensor {
    return torch._weight_norm(weight_v, weight_g, this.dim);
  }

  right_inverse(weight: Tensor): [Tensor, Tensor] {
    return [torch.norm_except_dim(weight, 2, this.dim), weight];
  }
}

/**
 * Makes a weight the product of its norm, `original0`, and its direction, `original1`. Returns the module. A state of the
 * old `weight_norm` can be loaded.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html
 */
export const weight_norm = returningModule(
  pythonFunction(
    'weight_norm',
    ['module', 'name', 'dim'],
    <M extends Module>(module: M, name: string = 'weight', dim: number | null = 0): M => {
      register_parametrization(module, name, new _WeightNorm(dim ?? -1), { unsafe: true });
      const takeOld = (...[state, prefix]: LoadArguments): void => {
        const old = [`${prefix}${name}_g`, `${prefix}${name}_v`];
        if (!old.every((key) => state.has(key))) return;
        for (const [i, key] of old.entries()) {
          state.set(`${prefix}parametrizations.${name}.original${i}`, state.get(key));
          state.delete(key);
        }
      };
      stateHooksOf(module).beforeLoad.add(takeOld as never, { with_module: false });
      return module;
    },
  ),
);

class _SpectralNorm extends Module {
  declare _u: Tensor;
  declare _v: Tensor;
  readonly dim: number;

  constructor(
    weight: Tensor,
    readonly n_power_iterations: number,
    dim: number,
    readonly eps: number,
  ) {
    super();
    const { ndim } = weight;
    if (dim >= ndim || dim < -ndim) {
      throw new RangeError(
        `Dimension out of range (expected to be in range of [-${ndim}, ${ndim - 1}] but got ${dim})`,
      );
    }
    if (n_power_iterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`,
      );
    }
    this.dim = dim >= 0 ? dim : dim + ndim;
    if (ndim <= 1) return;
    const matrix = this.matrix(weight);
    const [h = 0, w = 0] = matrix.shape;
    const u = matrix.new_empty([h]).normal_(0, 1);
    const v = matrix.new_empty([w]).normal_(0, 1);
    this.register_buffer('_u', normalize(u, { dim: 0, eps }));
    this.register_buffer('_v', normalize(v, { dim: 0, eps }));
    this.iterate(matrix, 15);
  }

  private matrix(weight: Tensor): Tensor {
    if (weight.ndim <= 1) {
      throw new AssertionError(`Expected weight to have more than 1 dimension, got ${weight.ndim}`);
    }
    const { dim } = this;
    const rest = weight.shape.map((_, d) => d).filter((d) => d !== dim);
    return (dim === 0 ? weight : weight.permute([dim, ...rest])).flatten(1);
  }

  private iterate(matrix: Tensor, times: number): void {
    const { eps } = this;
    no_grad(() => {
      for (let i = 0; i < times; i++) {
        this._u = normalize(torch.mv(matrix, this._v), { dim: 0, eps, out: this._u });
        this._v = normalize(torch.mv(matrix.H, this._u), { dim: 0, eps, out: this._v });
      }
    });
  }

  override forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = this.matrix(weight);
    if (this.training) this.iterate(matrix, this.n_power_iterations);
    const u = this._u.clone({ memory_format: contiguous_format });
    const v = this._v.clone({ memory_format: contiguous_format });
    return weight.div(torch.vdot(u, torch.mv(matrix, v)));
  }

  right_inverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Divides a weight by its largest singular value, found by power iteration, one step each time it is computed in
 * training. Returns the module. Miyato et al. (2018).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html
 */
export const spectral_norm = returningModule(
  pythonFunction(
    'spectral_norm',
    ['module', 'name', 'n_power_iterations', 'eps', 'dim'],
    <M extends Module>(
      module: M,
      name: string = 'weight',
      n_power_iterations: number = 1,
      eps: number = 1e-12,
      dim: number | null = null,
    ): M => {
      const made = new _SpectralNorm(weightOf(module, name), n_power_iterations, dim ?? outputDim(module), eps);
      register_parametrization(module, name, made);
      return module;
    },
  ),
);
