/** The line search of `LBFGS`. Step lengths and slopes are numbers or tensors, as they are in Python, whose rounding depends on it. */
import { isTensor, type Tensor } from '../memory';
import { add, div, mul, pow, sub } from './scalar';

/** A number that may be a tensor of one element. */
export type Scalar = number;

/** `a < b`. */
export function less(a: Scalar, b: Scalar): boolean {
  if (isTensor(a)) return truth((a as unknown as Tensor).lt(b));
  return isTensor(b) ? truth((b as unknown as Tensor).gt(a)) : a < b;
}

/** `a <= b`. */
export function atMost(a: Scalar, b: Scalar): boolean {
  if (isTensor(a)) return truth((a as unknown as Tensor).le(b));
  return isTensor(b) ? truth((b as unknown as Tensor).ge(a)) : a <= b;
}

const truth = (result: Tensor): boolean => Boolean(result.item());

/** Python's `abs`. */
export const abs = (a: Scalar): Scalar =>
  isTensor(a) ? ((a as unknown as Tensor).abs() as unknown as number) : Math.abs(a);

/** Python's `min(a, b)`: the first one, unless the second one is less. */
export const least = (a: Scalar, b: Scalar): Scalar => (less(b, a) ? b : a);

/** Python's `max(a, b)`. */
export const most = (a: Scalar, b: Scalar): Scalar => (less(a, b) ? b : a);

/** A point on the line: step length, value, gradient and slope. */
interface Point {
  readonly t: Scalar;
  readonly f: number;
  readonly g: Tensor;
  readonly gtd: Scalar;
}

/** Where a cubic through two points is least, within bounds. */
function cubic_interpolate(one: Omit<Point, 'g'>, two: Omit<Point, 'g'>, bounds?: readonly [Scalar, Scalar]): Scalar {
  const [x1, f1, g1] = [one.t, one.f, one.gtd];
  const [x2, f2, g2] = [two.t, two.f, two.gtd];
  const ordered = atMost(x1, x2);
  const [low, high] = bounds ?? (ordered ? [x1, x2] : [x2, x1]);
  const d1 = sub(add(g1, g2), div(mul(3, sub(f1, f2)), sub(x1, x2)));
  const d2_square = sub(pow(d1, 2), mul(g1, g2));
  if (!atMost(0, d2_square)) return div(add(low, high), 2);
  const d2 = (d2_square as unknown as Tensor).sqrt() as unknown as number;
  const toward = (x: Scalar, other: Scalar, g: Scalar, otherG: Scalar) =>
    sub(x, mul(sub(x, other), div(sub(add(g, d2), d1), add(sub(g, otherG), mul(2, d2)))));
  const min_pos = ordered ? toward(x2, x1, g2, g1) : toward(x1, x2, g1, g2);
  return least(most(min_pos, low), high);
}

/** Result of the search. */
interface Found {
  f: number;
  g: Tensor;
  t: Scalar;
  evaluations: number;
}

/** Step length that meets the strong Wolfe conditions, or the best one that was found. */
export function strong_wolfe(
  evaluate: (t: Scalar) => [f: number, g: Tensor],
  start: Point,
  d: Tensor,
  max_ls: number,
  [c1, c2, tolerance_change]: readonly [number, number, number] = [1e-4, 0.9, 1e-9],
): Found {
  const d_norm = d.abs().max() as unknown as number;
  const { f, gtd } = start;
  const g = start.g.clone();
  const at = (t: Scalar): Point => {
    const [value, gradient] = evaluate(t);
    evaluations += 1;
    return { t, f: value, g: gradient, gtd: gradient.dot(d) as unknown as number };
  };
  const own = (point: Point): Point => ({ ...point, g: point.g.clone() });
  const rises = (point: Point) => less(add(f, mul(mul(c1, point.t), gtd)), point.f);
  const flat = (point: Point) => atMost(abs(point.gtd), mul(-c2, gtd));

  let evaluations = 0;
  let next = at(start.t);
  let before: Point = { t: 0, f, g, gtd };
  let bracket: Point[] = [];
  let done = false;
  let ls_iter = 0;
  while (ls_iter < max_ls) {
    if (rises(next) || (ls_iter > 1 && next.f >= before.f)) {
      bracket = [before, own(next)];
      break;
    }
    if (flat(next)) {
      bracket = [next];
      done = true;
      break;
    }
    if (atMost(0, next.gtd)) {
      bracket = [before, own(next)];
      break;
    }
    const min_step = add(next.t, mul(0.01, sub(next.t, before.t)));
    const max_step = mul(next.t, 10);
    const t = cubic_interpolate(before, next, [min_step, max_step]);
    before = own(next);
    next = at(t);
    ls_iter += 1;
  }
  if (ls_iter === max_ls) bracket = [{ t: 0, f, g, gtd }, next];

  // What follows refines the bracket until a point in it meets the conditions.
  let insuf_progress = false;
  let [low, high] = bracket[0]!.f <= bracket[bracket.length - 1]!.f ? [0, 1] : [1, 0];
  while (!done && ls_iter < max_ls) {
    const [left, right] = bracket as [Point, Point];
    if (less(mul(abs(sub(right.t, left.t)), d_norm), tolerance_change)) break;
    let t = cubic_interpolate(left, right);

    const [smallest, largest] = [least(left.t, right.t), most(left.t, right.t)];
    const eps = mul(0.1, sub(largest, smallest));
    if (less(least(sub(largest, t), sub(t, smallest)), eps)) {
      // Close to a boundary: at the second time, or beyond it, a tenth of the bracket away from it.
      if (insuf_progress || atMost(largest, t) || atMost(t, smallest)) {
        t = less(abs(sub(t, largest)), abs(sub(t, smallest))) ? sub(largest, eps) : add(smallest, eps);
        insuf_progress = false;
      } else insuf_progress = true;
    } else insuf_progress = false;

    next = at(t);
    ls_iter += 1;
    if (rises(next) || next.f >= bracket[low]!.f) {
      bracket[high] = own(next);
      [low, high] = bracket[0]!.f <= bracket[1]!.f ? [0, 1] : [1, 0];
    } else {
      if (flat(next)) done = true;
      else if (atMost(0, mul(next.gtd, sub(bracket[high]!.t, bracket[low]!.t)))) bracket[high] = bracket[low]!;
      bracket[low] = own(next);
    }
  }
  const { t, f: value, g: gradient } = bracket[low]!;
  return { f: value, g: gradient, t, evaluations };
}
