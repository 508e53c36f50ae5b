/** Spectral normalisation of the old kind, by a hook; `parametrizations.spectral_norm` is the new one. */
import { no_grad } from '../../autograd';
import { pythonFunction } from '../../call';
import { returningModule } from './returning_module';
import { contiguous_format } from '../../core';
import { dot, mv } from '../../generated/functions';
import { multi_dot } from '../../generated/linalg';
import { keep, type Tensor } from '../../memory';
import { TorchError, ValueError } from '../../native';
import { normalize } from '../functional';
import type { Module } from '../module/module';
import { stateHooksOf } from '../module/state_hook_registration';
import type { LoadArguments, LocalMetadata } from '../module/state_hooks';
import { is_lazy, Parameter } from '../parameter';
import { addPreHook, attribute, preHooks, removeHooks, setAttribute, setComputed, standingFor } from './hook_objects';
import { outputDim } from './output_dim';

const VERSION = 1;

/** Spectral normalisation of one parameter. */
export class SpectralNorm {
  constructor(
    readonly name: string = 'weight',
    readonly n_power_iterations: number = 1,
    readonly dim: number = 0,
    readonly eps: number = 1e-12,
  ) {
    if (n_power_iterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`,
      );
    }
  }

  /** The weight as a matrix whose rows are the output's channels. */
  reshape_weight_to_matrix(weight: Tensor): Tensor {
    const { dim } = this;
    const rest = weight.shape.map((_, d) => d).filter((d) => d !== dim);
    const matrix = dim === 0 ? weight : weight.permute([dim, ...rest]);
    return matrix.reshape([matrix.size(0), -1]);
  }

  /** weight/σ, with σ = uᵀ·W·v; the power iteration makes u and v better in place. */
  compute_weight(module: Module, do_power_iteration: boolean): Tensor {
    const { name, eps } = this;
    const weight = attribute<Tensor>(module, `${name}_orig`);
    let u = attribute<Tensor>(module, `${name}_u`);
    let v = attribute<Tensor>(module, `${name}_v`);
    const matrix = this.reshape_weight_to_matrix(weight);
    if (do_power_iteration) {
      no_grad(() => {
        for (let i = 0; i < this.n_power_iterations; i++) {
          v = normalize(mv(matrix.t(), u), { dim: 0, eps, out: v });
          u = normalize(mv(matrix, v), { dim: 0, eps, out: u });
        }
        u = u.clone({ memory_format: contiguous_format });
        v = v.clone({ memory_format: contiguous_format });
      });
    }
    return weight.div(dot(u, mv(matrix, v)));
  }

  /** Makes a parameter of what is computed. */
  remove(module: Module): void {
    const weight = no_grad(() => this.compute_weight(module, false));
    for (const end of ['', '_u', '_v', '_orig']) Reflect.deleteProperty(module, this.name + end);
    module.register_parameter(this.name, new Parameter(weight.detach()));
  }

  /** What v was, for a state that has none. */
  _solve_v_and_rescale(matrix: Tensor, u: Tensor, target_sigma: Tensor): Tensor {
    const v = multi_dot([matrix.t().mm(matrix).pinverse(), matrix.t(), u.unsqueeze(1)]).squeeze(1);
    return v.mul_(target_sigma.div(dot(u, mv(matrix, v))));
  }

  /** Puts `name_orig`, `name_u` and `name_v` in the place of a parameter, and computes it before every call. */
  static apply(module: Module, name: string, n_power_iterations: number, dim: number, eps: number): SpectralNorm {
    if (preHooks(module, SpectralNorm).some((hook) => hook.name === name)) {
      throw new TorchError(`Cannot register two spectral_norm hooks on the same parameter ${name}`);
    }
    const norm = new SpectralNorm(name, n_power_iterations, dim, eps);
    const weight = attribute<Parameter | null>(module, name);
    if (weight === null) throw new ValueError(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
    if (is_lazy(weight)) {
      throw new ValueError(
        "The module passed to `SpectralNorm` can't have uninitialized parameters. Make sure to run the dummy forward before applying spectral normalization",
      );
    }
    const [u, v] = no_grad(() => {
      const [h = 0, w = 0] = norm.reshape_weight_to_matrix(weight).shape;
      const draw = (count: number): Tensor => normalize(weight.new_empty([count]).normal_(0, 1), { dim: 0, eps });
      return [draw(h), draw(w)] as const;
    });
    Reflect.deleteProperty(module, name);
    module.register_parameter(`${name}_orig`, weight);
    setAttribute(module, name, keep(weight.data));
    module.register_buffer(`${name}_u`, u);
    module.register_buffer(`${name}_v`, v);
    addPreHook(module, norm, (called) => setComputed(called, name, norm.compute_weight(called, called.training)));
    const state = stateHooksOf(module);
    state.afterSave.add(
      standingFor(norm, (_module, _state, _prefix, local) => noteVersion(norm, local)),
      {
        isPublic: false,
      },
    );
    const complete = standingFor(norm, (...args: LoadArguments) => completeState(norm, args));
    state.beforeLoad.add(complete as never, { with_module: false });
    return norm;
  }
}

function noteVersion({ name }: SpectralNorm, local: LocalMetadata): void {
  local.spectral_norm ??= {};
  const key = `${name}.version`;
  if (key in local.spectral_norm) throw new TorchError(`Unexpected key in metadata['spectral_norm']: ${key}`);
  local.spectral_norm[key] = VERSION;
}

/** Computes `name_v` for a state of before version 1, which has none. */
function completeState(norm: SpectralNorm, [state, prefix, local, strict, missing]: LoadArguments): void {
  const version = local.spectral_norm?.[`${norm.name}.version`];
  if (version !== undefined && version >= VERSION) return;
  const key = prefix + norm.name;
  const isNew = ['_orig', '_u', '_v'].every((end) => state.has(key + end)) && !state.has(key);
  if (version === undefined && isNew) return;
  const absent = ['_orig', '', '_u'].map((end) => key + end).filter((each) => !state.has(each));
  if (absent.length > 0) {
    if (strict) missing.push(...absent);
    return;
  }
  no_grad(() => {
    const original = state.get(`${key}_orig`) as Tensor;
    const sigma = original.div(state.get(key) as Tensor).mean();
    state.delete(key);
    const matrix = norm.reshape_weight_to_matrix(original);
    state.set(`${key}_v`, norm._solve_v_and_rescale(matrix, state.get(`${key}_u`) as Tensor, sigma));
  });
}

/**
 * Divides a parameter by its largest singular value, found by power iteration, one step each call in training. Returns
 * the module. See Miyato et al. (2018), Spectral normalization for generative adversarial networks.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html
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
      SpectralNorm.apply(module, name, n_power_iterations, dim ?? outputDim(module), eps);
      return module;
    },
  ),
);

/**
 * Undoes `spectral_norm`. Returns the module.
 *
 * @throws ValueError where there is none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.remove_spectral_norm.html
 */
export const remove_spectral_norm = returningModule(
  pythonFunction(
    'remove_spectral_norm',
    ['module', 'name'],
    <M extends Module>(module: M, name: string = 'weight'): M => {
      const hook = preHooks(module, SpectralNorm).find((each) => each.name === name);
      if (hook === undefined) throw new ValueError(`spectral_norm of '${name}' not found in ${module}`);
      hook.remove(module);
      removeHooks(module, hook);
      return module;
    },
  ),
);
