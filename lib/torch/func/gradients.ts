/** `torch.func.grad`, `grad_and_value` and `vjp`. */
import { enable_grad, grad as autogradGrad, graph, is_grad_enabled } from '../autograd';
import { checkFunction, pythonFunction } from '../call';
import { typeName } from '../core';
import { zeros_like } from '../generated/functions';
import { handleOf, isTensor, type Tensor } from '../memory';
import { native, TorchError, ValueError } from '../native';
import { type Argnums, sliceArguments } from './argnums';
import { inLevel, unwrapForGrad, wrapForGrad } from './levels';
import { flatten, sameStructure, structureText, unflatten } from './pytree';

/** A function of any arguments. */
export type AnyFunction = (...args: never[]) => unknown;

/** The same, of trees that are not looked at. */
export type Loose = (...args: unknown[]) => unknown;

const NO_HOOKS =
  "torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor hooks. Please open an issue with your use case.";

/** The gradient of what does not depend on an input is zeros. */
function gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  cotangents: readonly Tensor[] | null,
  options: { retain_graph: boolean; create_graph: boolean },
): Tensor[] {
  const used = outputs
    .map((output, i) => [output, cotangents?.[i]] as const)
    .filter(([output]) => output.requires_grad);
  if (used.length === 0) return inputs.map((input) => zeros_like(input));
  const grads = autogradGrad(
    used.map(([output]) => output),
    [...inputs],
    cotangents === null ? null : used.map(([, cotangent]) => cotangent!),
    { ...options, allow_unused: true },
  ) as readonly (Tensor | null)[];
  return grads.map((grad, i) => grad ?? zeros_like(inputs[i]!));
}

/** Makes the tensors of a tree leaves that require gradients. */
function makeDifferentiable(tree: unknown): void {
  for (const leaf of flatten(tree)[0]) {
    if (!isTensor(leaf)) {
      throw new ValueError(`Thing passed to transform API must be Tensor, got <class '${typeName(leaf)}'>`);
    }
    native.set_requires_grad(handleOf(leaf), true);
  }
}

/** Takes a pair `[output, aux]` apart. */
export function splitAux(output: unknown, call: string): [output: unknown, aux: unknown] {
  if (Array.isArray(output) && output.length === 2) return output as [unknown, unknown];
  throw new TorchError(`${call}: output of function f should be a tuple: (output, aux) if has_aux is True`);
}

/** The gradient by some arguments, and the value of a function whose result is a scalar. */
function gradAndValue(
  func: AnyFunction,
  argnums: Argnums,
  has_aux: boolean,
  args: readonly unknown[],
): { grad: unknown; value: unknown; aux: unknown } {
  const call = 'grad_and_value(f)(*args)';
  return graph.disable_saved_tensors_hooks(NO_HOOKS, () =>
    inLevel('grad', (level) =>
      enable_grad(() => {
        const inner = wrapForGrad(args, level) as never[];
        const chosen = sliceArguments(inner, argnums, true);
        makeDifferentiable(chosen);
        const given = func(...inner);
        const [output, aux] = has_aux ? splitAux(given, call) : [given, null];
        if (!isTensor(output)) {
          throw new TorchError(`${call}: Expected f(*args) to return a Tensor, got <class '${typeName(output)}'>`);
        }
        const { ndim } = output as Tensor;
        if (ndim !== 0) {
          throw new TorchError(
            `${call}: Expected f(*args) to return a scalar Tensor, got tensor with ${ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
          );
        }
        const [leaves, structure] = flatten(chosen);
        const options = { retain_graph: false, create_graph: true };
        const grads = gradients([output as Tensor], leaves as Tensor[], null, options);
        return {
          grad: unwrapForGrad(unflatten(grads, structure), level),
          value: unwrapForGrad(output, level),
          aux: has_aux ? unwrapForGrad(aux, level) : null,
        };
      }),
    ),
  );
}

/** What the gradient by an argument, or by several, is like. */
type GradientOf<Args extends readonly unknown[], By extends Argnums> = By extends number
  ? Args[By]
  : { -readonly [Place in keyof By]: By[Place] extends number ? Args[By[Place]] : never };

/** Keywords of `grad` and `grad_and_value`. */
export interface GradOptions<By extends Argnums = 0, Aux extends boolean = false> {
  /** Number of the argument, or numbers. Default 0. */
  argnums?: By;
  /** Whether the function gives `[output, aux]`. Default false. */
  has_aux?: Aux;
}

/** The ways to call `grad`. */
export interface Grad {
  // First: a function whose result is a pair is read with that in mind.
  <Args extends unknown[], Aux, const By extends Argnums = 0>(
    func: (...args: Args) => [output: Tensor, aux: Aux],
    options: GradOptions<By, true> & { has_aux: true },
  ): (...args: Args) => [gradient: GradientOf<Args, By>, aux: Aux];
  <A, Rest extends unknown[]>(func: (first: A, ...rest: Rest) => Tensor): (first: A, ...rest: Rest) => A;
  <Args extends unknown[], const By extends Argnums = 0>(
    func: (...args: Args) => Tensor,
    argnums?: By,
    has_aux?: false,
  ): (...args: Args) => GradientOf<Args, By>;
  <Args extends unknown[], const By extends Argnums = 0>(
    func: (...args: Args) => Tensor,
    options: GradOptions<By>,
  ): (...args: Args) => GradientOf<Args, By>;
}

/** The ways to call `grad_and_value`. */
export interface GradAndValue {
  // First: a function whose result is a pair is read with that in mind.
  <Args extends unknown[], Aux, const By extends Argnums = 0>(
    func: (...args: Args) => [output: Tensor, aux: Aux],
    options: GradOptions<By, true> & { has_aux: true },
  ): (...args: Args) => [gradient: GradientOf<Args, By>, value: [output: Tensor, aux: Aux]];
  <A, Rest extends unknown[]>(
    func: (first: A, ...rest: Rest) => Tensor,
  ): (first: A, ...rest: Rest) => [gradient: A, value: Tensor];
  <Args extends unknown[], const By extends Argnums = 0>(
    func: (...args: Args) => Tensor,
    argnums?: By,
    has_aux?: false,
  ): (...args: Args) => [gradient: GradientOf<Args, By>, value: Tensor];
  <Args extends unknown[], const By extends Argnums = 0>(
    func: (...args: Args) => Tensor,
    options: GradOptions<By>,
  ): (...args: Args) => [gradient: GradientOf<Args, By>, value: Tensor];
}

const PARAMETERS = ['func', 'argnums', 'has_aux'] as const;

const gradOf = pythonFunction(
  'grad',
  PARAMETERS,
  (func: AnyFunction, argnums: Argnums = 0, has_aux: boolean = false): Loose =>
    (...args) => {
      const found = gradAndValue(func, argnums, has_aux, args);
      return has_aux ? [found.grad, found.aux] : found.grad;
    },
);

const gradAndValueOf = pythonFunction(
  'grad_and_value',
  PARAMETERS,
  (func: AnyFunction, argnums: Argnums = 0, has_aux: boolean = false): Loose =>
    (...args) => {
      const { grad, value, aux } = gradAndValue(func, argnums, has_aux, args);
      return [grad, has_aux ? [value, aux] : value];
    },
);

/**
 * A function that gives the gradient of `func`, whose result is a scalar, by its first argument, or by those of `argnums`.
 *
 * With `has_aux` `func` gives `[output, aux]`, and the result is `[gradient, aux]`.
 *
 * @throws TorchError for a result that is no scalar
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html
 * @example
 * torch.func.grad((x: Tensor) => x.sin())(torch.tensor(0)); // 1
 */
export const grad: Grad = gradOf as unknown as Grad;

/**
 * A function that gives `[gradient, value]` of `func`, or, with `has_aux`, `[gradient, [value, aux]]`.
 *
 * @throws TorchError for a result that is no scalar
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.grad_and_value.html
 */
export const grad_and_value: GradAndValue = gradAndValueOf as unknown as GradAndValue;

/** Refuses results that are not tensors. */
export function checkOutputs(outputs: readonly unknown[], call: string): asserts outputs is Tensor[] {
  if (outputs.length === 0 || (outputs.length === 1 && outputs[0] === null)) {
    throw new TorchError(
      `${call}: Expected f to be a function that has non-empty output (got output = ${outputs.length === 0 ? '[]' : '[None]'})`,
    );
  }
  for (const output of outputs) {
    if (isTensor(output)) continue;
    throw new TorchError(
      `${call}: expected f(*primals) to return only tensors, got unsupported type <class '${typeName(output)}'>`,
    );
  }
}

/** Gives the products of cotangents, shaped as the outputs, with the Jacobian. */
export type VjpFunction = (cotangents: unknown, retain_graph?: boolean, create_graph?: boolean | null) => unknown;

/** `vjp` by some arguments, or all of them where `argnums` is null. */
export function vjpBy(
  func: AnyFunction,
  primals: readonly unknown[],
  argnums: Argnums | null,
  has_aux: boolean,
): { output: unknown; vjp: VjpFunction; aux: unknown } {
  const call = 'vjp(f, *primals)';
  return graph.disable_saved_tensors_hooks(NO_HOOKS, () =>
    inLevel('grad', (level) =>
      enable_grad(() => {
        const inner = wrapForGrad(primals, level) as never[];
        const chosen = argnums === null ? inner : sliceArguments(inner, argnums, true);
        makeDifferentiable(chosen);
        const given = func(...inner);
        const [output, aux] = has_aux ? splitAux(given, call) : [given, null];
        const [outputs, outputStructure] = flatten(output);
        checkOutputs(outputs, call);
        for (const { dtype } of outputs) {
          if (dtype.is_floating_point || dtype.is_complex) continue;
          throw new TorchError(
            `vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype ${dtype}`,
          );
        }
        const [inputs, inputStructure] = flatten(chosen);
        const vjp: VjpFunction = (cotangents, retain_graph = true, create_graph = null) => {
          const [flat, structure] = flatten(cotangents);
          if (!sameStructure(structure, outputStructure)) {
            throw new TorchError(
              `Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function. cotangents: ${structureText(structure)}, primal output: ${structureText(outputStructure)}`,
            );
          }
          const options = { retain_graph, create_graph: create_graph ?? is_grad_enabled() };
          return unflatten(gradients(outputs, inputs as Tensor[], flat as Tensor[], options), inputStructure);
        };
        return {
          output: unwrapForGrad(output, level),
          vjp,
          aux: has_aux ? unwrapForGrad(aux, level) : null,
        };
      }),
    ),
  );
}

/** Options of `vjp`. */
export interface VjpOptions {
  /** Whether `func` gives `[output, aux]`. Default false. */
  has_aux?: boolean;
}

/**
 * The value of `func`, and a function from cotangents, shaped as the value, to their products with the Jacobian: an array,
 * one for each of `primals`. With `has_aux` `[output, vjp, aux]`.
 *
 * @throws TorchError for results that are no tensors of floating-point or complex numbers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vjp.html
 */
export function vjp<Args extends unknown[], Output>(
  func: (...args: Args) => Output,
  ...primals: [...Args, options?: VjpOptions]
): [output: Output, vjp: (cotangents: Output) => Args, aux?: unknown] {
  checkFunction('vjp', 'func', func);
  const last = primals[primals.length - 1];
  const keyed = isVjpOptions(last);
  const args = keyed ? primals.slice(0, -1) : primals;
  const has_aux = keyed ? (last.has_aux ?? false) : false;
  const found = vjpBy(func as AnyFunction, args, null, has_aux);
  const result = [found.output, found.vjp, ...(has_aux ? [found.aux] : [])];
  return result as [Output, (cotangents: Output) => Args, unknown?];
}

/** Options are told from an argument, which may be an object of tensors, by their only key. */
function isVjpOptions(value: unknown): value is VjpOptions {
  if (typeof value !== 'object' || value === null || isTensor(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === 'has_aux' && typeof (value as VjpOptions).has_aux === 'boolean';
}
