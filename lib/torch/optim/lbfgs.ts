import { enable_grad, no_grad } from '../autograd';
import { bind, pythonClass, signature } from '../call';
import { cat, mul as product, view_as_real } from '../generated/functions';
import { isTensor, keepAll, type Tensor } from '../memory';
import { AssertionError, TorchError, ValueError } from '../native';
import { abs, atMost, least, less, strong_wolfe } from './line_search';
import { checkLearningRate, type Given, type GroupOptions } from './options';
import { Optimizer } from './optimizer';
import type { OptimizerParams } from './param_groups';
import { div, mul, neg, sub, toScalar, numberOf } from './scalar';
import type { ParamState } from './state';

/** Options of the group of `LBFGS`. */
export interface LBFGSGroupOptions extends GroupOptions {
  /** Iterations of one step. Default 20. */
  max_iter: number;
  /** Evaluations of one step. Default max_iter · 1.25. */
  max_eval: number;
  /** Ends a step where the largest element of the gradient is not above it. Default 1e-7. */
  tolerance_grad: number;
  /** Ends a step where value or parameters change no more than that. Default 1e-9. */
  tolerance_change: number;
  /** Number of changes that are remembered. Default 100. */
  history_size: number;
  /** null, or `strong_wolfe`. */
  line_search_fn: string | null;
}

/** Options of `LBFGS`, all optional. */
export type LBFGSOptions = Given<LBFGSGroupOptions>;

/** The one state, which Python keeps with the first parameter. Numbers may be tensors of one element. */
interface LBFGSState {
  func_evals: number;
  n_iter: number;
  d?: Tensor;
  t?: number;
  old_dirs?: Tensor[];
  old_stps?: Tensor[];
  ro?: number[];
  H_diag?: number;
  prev_flat_grad?: Tensor | null;
  prev_loss?: number;
  al?: (number | null)[];
}

const step = signature('LBFGS.step', ['self', 'closure'], 2);

/** `float(loss)`. */
const float = (loss: unknown): number => (isTensor(loss) ? numberOf(loss as Tensor) : Number(loss));

const largest = (tensor: Tensor): number => tensor.abs().max() as unknown as number;

class LBFGSOptimizer extends Optimizer<LBFGSGroupOptions> {
  constructor(
    params: OptimizerParams<LBFGSGroupOptions>,
    lr: number | Tensor = 1,
    max_iter: number = 20,
    max_eval: number | null = null,
    tolerance_grad: number = 1e-7,
    tolerance_change: number = 1e-9,
    history_size: number = 100,
    line_search_fn: string | null = null,
  ) {
    checkLearningRate(lr);
    const numbers = { lr: lr as number, max_iter, max_eval: max_eval ?? Math.floor((max_iter * 5) / 4) };
    super(params, { ...numbers, tolerance_grad, tolerance_change, history_size, line_search_fn });
    if (this.param_groups.length !== 1) {
      throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  private get _params(): Tensor[] {
    return this.param_groups[0]!.params;
  }

  private _gather_flat_grad(): Tensor {
    const views = this._params.map((p) => {
      const view =
        p.grad === null ? p.new_zeros([p.numel()]) : (p.grad.is_sparse ? p.grad.to_dense() : p.grad).view(-1);
      return view.is_complex() ? view_as_real(view).view(-1) : view;
    });
    return cat(views, 0);
  }

  private _add_grad(step_size: number, update: Tensor): void {
    let offset = 0;
    for (const param of this._params) {
      const p = param.is_complex() ? view_as_real(param) : param;
      const numel = p.numel();
      p.add_(update.narrow(0, offset, numel).view_as(p), { alpha: numberOf(step_size) });
      offset += numel;
    }
  }

  /** Value and gradient at `x + t * d`; the parameters are `x` again afterwards. */
  private _directional_evaluate(closure: () => unknown, x: readonly Tensor[], t: number, d: Tensor): [number, Tensor] {
    this._add_grad(t, d);
    const loss = float(closure());
    const flat_grad = this._gather_flat_grad();
    this._params.forEach((p, i) => void p.copy_(x[i]!));
    return [loss, flat_grad];
  }

  override step(): never;
  override step<T>(closure: () => T): T;
  override step<T>(keywords: { closure: () => T }): T;
  override step(...args: unknown[]): unknown {
    const [, given] = bind(step, [this, ...args]);
    if (this.param_groups.length !== 1) {
      throw new AssertionError(`Expected exactly one param_group, but got ${this.param_groups.length}`);
    }
    return no_grad(() => this._step(() => enable_grad(given as () => unknown)));
  }

  private _step(closure: () => unknown): unknown {
    const [group] = this.param_groups;
    const { max_iter, max_eval, tolerance_grad, tolerance_change, line_search_fn } = group!;
    const lr = toScalar(group!.lr);
    const first = this._params[0]!;
    const state = { func_evals: 0, n_iter: 0, ...this.state.get(first) } as LBFGSState;
    const keep = () => void this.state.set(first, state as unknown as ParamState);
    keep();

    const orig_loss = closure();
    let loss = float(orig_loss);
    let current_evals = 1;
    state.func_evals += 1;
    let flat_grad = this._gather_flat_grad();
    let opt_cond = atMost(largest(flat_grad), tolerance_grad);
    if (opt_cond) return orig_loss;

    let { d, t } = state;
    let prev_flat_grad = state.prev_flat_grad ?? null;
    let prev_loss = state.prev_loss;
    let n_iter = 0;
    while (n_iter < max_iter) {
      n_iter += 1;
      state.n_iter += 1;
      if (state.n_iter === 1) {
        d = flat_grad.neg();
        Object.assign(state, { old_dirs: [], old_stps: [], ro: [], H_diag: 1 });
      } else d = this._direction(state, flat_grad, prev_flat_grad!, d!, t!);

      if (prev_flat_grad === null) prev_flat_grad = flat_grad.clone();
      else prev_flat_grad.copy_(flat_grad);
      prev_loss = loss;

      t = state.n_iter === 1 ? mul(least(1, div(1, flat_grad.abs().sum())), lr) : lr;
      const gtd = flat_grad.dot(d) as unknown as number;
      // The slope is below tolerance.
      if (less(-tolerance_change, gtd)) break;

      let ls_func_evals = 0;
      if (line_search_fn !== null) {
        if (line_search_fn !== 'strong_wolfe') throw new TorchError("only 'strong_wolfe' is supported");
        const x = this._params.map((p) => p.clone());
        const along = d;
        const evaluate = (length: number) => this._directional_evaluate(closure, x, length, along);
        const found = strong_wolfe(evaluate, { t, f: loss, g: flat_grad, gtd }, along, max_eval - current_evals);
        [loss, flat_grad, t, ls_func_evals] = [found.f, found.g, found.t, found.evaluations];
        this._add_grad(t, along);
        opt_cond = atMost(largest(flat_grad), tolerance_grad);
      } else {
        this._add_grad(t, d);
        if (n_iter !== max_iter) {
          loss = float(closure());
          flat_grad = this._gather_flat_grad();
          opt_cond = atMost(largest(flat_grad), tolerance_grad);
          ls_func_evals = 1;
        }
      }
      current_evals += ls_func_evals;
      state.func_evals += ls_func_evals;

      if (n_iter === max_iter || current_evals >= max_eval || opt_cond) break;
      if (atMost(largest(d.mul(t)), tolerance_change)) break;
      if (less(abs(loss - prev_loss), tolerance_change)) break;
    }
    const { old_dirs, old_stps, ro, H_diag } = state;
    Object.assign(state, { d, t, old_dirs, old_stps, ro, H_diag, prev_flat_grad, prev_loss });
    keepAll(state);
    keep();
    return orig_loss;
  }

  /** The inverse Hessian, as the remembered changes approximate it, times the negative gradient. */
  private _direction(state: LBFGSState, flat_grad: Tensor, prev_flat_grad: Tensor, d: Tensor, t: number): Tensor {
    const { history_size } = this.param_groups[0]!;
    const [old_dirs, old_stps, ro] = [state.old_dirs!, state.old_stps!, state.ro!];
    const y = flat_grad.sub(prev_flat_grad);
    const s = d.mul(t);
    const ys = y.dot(s) as unknown as number;
    if (less(1e-10, ys)) {
      if (old_dirs.length === history_size) for (const list of [old_dirs, old_stps, ro]) list.shift();
      old_dirs.push(y);
      old_stps.push(s);
      ro.push(div(1, ys));
      state.H_diag = div(ys, y.dot(y));
    }
    const num_old = old_dirs.length;
    state.al ??= Array<number | null>(history_size).fill(null);
    const { al } = state;
    const q = flat_grad.neg();
    for (let i = num_old - 1; i >= 0; i--) {
      al[i] = mul(old_stps[i]!.dot(q), ro[i]!);
      q.add_(old_dirs[i]!, { alpha: numberOf(neg(al[i]!)) });
    }
    const r = product(q, state.H_diag!);
    for (let i = 0; i < num_old; i++) {
      const be_i = mul(old_dirs[i]!.dot(r), ro[i]!);
      r.add_(old_stps[i]!, { alpha: numberOf(sub(al[i]!, be_i)) });
    }
    return r;
  }
}

/**
 * L-BFGS: Newton's method with a Hessian that is approximated from the last `history_size` changes of the gradient. One
 * step evaluates its closure many times. Takes one group of parameters.
 *
 * State, with the first parameter: `func_evals`, `n_iter`, `d`, `t`, `old_dirs`, `old_stps`, `ro`, `H_diag`,
 * `prev_flat_grad`, `prev_loss`, `al`. Nocedal (1980).
 * @throws ValueError for options out of range, and for several groups
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
 */
export class LBFGS extends pythonClass(
  'LBFGS',
  [
    ...(['params', 'lr', 'max_iter', 'max_eval', 'tolerance_grad', 'tolerance_change'] as const),
    ...(['history_size', 'line_search_fn'] as const),
  ],
  LBFGSOptimizer,
) {}
