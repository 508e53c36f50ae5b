/**
 * The overloads of one function as Python's argument parser knows them, and the slow way of calling them.
 *
 * Generated code handles plain positional calls by itself and comes here for keyword arguments, for rarer
 * kinds of values, and for the message when nothing fits.
 */
import { native, type NativeOp, type NumberList, TorchError } from '../native';
import { handleOf, type NamedResult, takeList, type TensorBase, wrapMany, wrapOptional } from '../memory';
import { CallShapes, operatorValues, parameterValues } from './call_shapes';
import { numberedOp, op } from './default_device';
import { get_default_dtype } from './default_dtype';
import { dtypeOf, layoutOf, qschemeOf } from '../core';
import { ambiguous } from './words/invalid_arguments';
import {
  type Given,
  match,
  nativeValue,
  OUT,
  type Parameter,
  parse,
  SELF,
  type Signature,
  type Source,
  split,
} from './signature';
import { explain, warnDeprecated } from './words/signature_errors';

type ResultClass = new (...items: never[]) => NamedResult<unknown>;

/** For results of which none is an argument. */
const NO_VALUES: readonly unknown[] = [];

/** The overloads of a function, in the order in which Python tries them. */
export class Overloads {
  private parsed: Signature[] | undefined;
  private shapes: CallShapes | undefined;
  private readonly ops = new Map<string, NativeOp>();

  constructor(
    /** Function name, for messages. */
    readonly name: string,
    private readonly texts: readonly string[],
    private readonly isMethod: boolean,
    private readonly Result?: ResultClass,
  ) {}

  /** The parsed signatures. */
  get signatures(): readonly Signature[] {
    this.parsed ??= this.texts.map((text) => parse(this.name, text, this.isMethod));
    return this.parsed;
  }

  /** Calls the first overload that takes these arguments, or throws what Python's parser would say. */
  call(args: ArrayLike<unknown>, self?: TensorBase): unknown {
    this.shapes ??= new CallShapes(this.signatures);
    // As many as most calls have: an array that grows costs more.
    const named: unknown[] = [undefined, undefined, undefined, undefined];
    for (const candidate of this.shapes.candidates(args, named) ?? []) {
      const { signature, order } = candidate;
      if (order === undefined) {
        const values = parameterValues(candidate, args, named);
        if (values !== undefined) return this.invoke(signature, values, self);
      } else {
        const values = operatorValues(candidate, args, named, self && handleOf(self));
        if (values === undefined) continue;
        candidate.run ??= numberedOp(`aten::${signature.op}`);
        const raw = apply(candidate.run, values);
        if (candidate.givesTensor) return wrapOptional(raw as number | null);
        return this.result(signature.returns, raw, NO_VALUES, self);
      }
    }
    const [signature, values] = this.choose(args);
    return this.invoke(signature, values, self);
  }

  /** The first overload that takes these arguments, and what they are for its parameters. */
  choose(args: ArrayLike<unknown>): [Signature, unknown[]] {
    const given = split(args);
    const values: unknown[] = [];
    for (const signature of this.signatures) {
      if (!match(signature, given, values)) continue;
      if (signature.deprecated) warnDeprecated(this.name, this.signatures, signature);
      return [signature, values];
    }
    throw this.mismatch(given);
  }

  private mismatch(given: Given): TypeError {
    const total = given.positional.length + given.names.length;
    const all = this.signatures.filter((signature) => !signature.deprecated);
    const plausible = all.filter(
      ({ parameters }) => total <= parameters.length && total >= parameters.filter((p) => !p.optional).length,
    );
    const single = this.signatures.length === 1 ? this.signatures[0] : undefined;
    const only = single ?? (plausible.length === 1 ? plausible[0] : undefined);
    const reason = only === undefined ? undefined : explain(this.name, only, given, this.isMethod);
    return reason ?? ambiguous(this.name, all, given);
  }

  private invoke(signature: Signature, values: unknown[], self?: TensorBase): unknown {
    const out = signature.out < 0 ? undefined : values[signature.out];
    const fill = signature.fill < 0 ? undefined : values[signature.fill];
    if (typeof fill === 'number' && out == null && values[signature.dtype] == null) {
      values[signature.dtype] = get_default_dtype();
    }
    if (out !== undefined && out !== null) {
      checkOptions(signature, values, out);
      this.op(signature.outOp)(...operatorArguments(signature, signature.outOrder, values, self));
      if (Array.isArray(out)) return this.Result === undefined ? out : new this.Result(...(out as never[]));
      return demandGrad(signature, values, out);
    }
    const raw: unknown = this.op(signature.op)(...operatorArguments(signature, signature.order, values, self));
    return demandGrad(signature, values, this.result(signature.returns, raw, values, self));
  }

  private result(returns: readonly string[], raw: unknown, values: readonly unknown[], self?: TensorBase): unknown {
    if (returns.length === 1) return give(returns[0] as string, raw, values, self);
    if (returns.length === 0) return undefined;
    const many = takeList(raw as NumberList);
    const items = new Array<unknown>(returns.length);
    for (let i = 0; i < items.length; i++) items[i] = give(returns[i] as string, many[i], values, self);
    return this.Result === undefined ? items : new this.Result(...(items as never[]));
  }

  private op(name: string): NativeOp {
    let run = this.ops.get(name);
    if (run === undefined) {
      run = op(`aten::${name}`);
      this.ops.set(name, run);
    }
    return run;
  }
}

/** Calls an operator; spreading costs as much as a small argument. */
function apply(op: NativeOp | number, args: readonly unknown[]): unknown {
  if (typeof op !== 'number') return op(...args);
  switch (args.length) {
    case 1:
      return native.call_numbered(op, args[0]);
    case 2:
      return native.call_numbered(op, args[0], args[1]);
    case 3:
      return native.call_numbered(op, args[0], args[1], args[2]);
    case 4:
      return native.call_numbered(op, args[0], args[1], args[2], args[3]);
    case 5:
      return native.call_numbered(op, args[0], args[1], args[2], args[3], args[4]);
    case 6:
      return native.call_numbered(op, args[0], args[1], args[2], args[3], args[4], args[5]);
    default:
      return native.call_numbered(op, ...args);
  }
}

/** Switches gradients on where a factory was asked to. */
function demandGrad(signature: Signature, values: readonly unknown[], result: unknown): unknown {
  if (signature.requiresGrad >= 0 && values[signature.requiresGrad] === true) {
    native.set_requires_grad(handleOf(result as TensorBase), true);
  }
  return result;
}

/** The operator's arguments in its own order, each as native code takes it. */
function operatorArguments(
  { parameters, out }: Signature,
  order: readonly Source[],
  values: readonly unknown[],
  self?: TensorBase,
): unknown[] {
  const convert = (index: number): unknown => nativeValue(parameters[index] as Parameter, values[index]);
  const args = new Array<unknown>(order.length);
  for (let i = 0; i < order.length; i++) {
    const source = order[i] as Source;
    if (typeof source !== 'number') {
      args[i] = source.constant;
    } else if (source >= 0) {
      args[i] = convert(source);
    } else if (source === SELF) {
      args[i] = handleOf(self as TensorBase);
    } else {
      const whole = (parameters[out] as Parameter).size === 0;
      args[i] = whole ? convert(out) : handleOf((values[out] as TensorBase[])[OUT - source] as TensorBase);
    }
  }
  return args;
}

/** One result, from what native code gave and what its code in the signature says. */
function give(code: string, raw: unknown, values: readonly unknown[], self?: TensorBase): unknown {
  switch (code) {
    case 'Tensor':
      return wrapOptional(raw as number | null);
    case 'Tensor[]':
      return wrapMany(raw as NumberList);
    case 'ScalarType':
      return dtypeOf(raw as number);
    case 'QScheme':
      return qschemeOf(raw as number);
    case '!s':
      return self;
    default:
      return code.startsWith('!') ? values[Number(code.slice(1))] : raw;
  }
}

/** With `out`, Python checks that the dtype, layout and device agree with it where they are given too. */
function checkOptions(signature: Signature, values: readonly unknown[], out: unknown): void {
  if (signature.requiresGrad < 0 || Array.isArray(out)) return;
  const handle = handleOf(out as TensorBase);
  const check = (name: string, given: unknown, actual: unknown): void => {
    if (given !== undefined && given !== actual) {
      throw new TorchError(`${name} ${given} does not match ${name} of out parameter (${actual})`);
    }
  };
  const [dtype, layout, device] = [0, 1, 2].map((i) => values[signature.dtype + i] ?? undefined);
  const kind = (spec: unknown): string | undefined => String(spec).split(':')[0];
  check('dtype', dtype, dtypeOf(native.dtype(handle)));
  check('layout', layout, layoutOf(native.layout(handle)));
  check('device type', device && kind(device), kind(native.device(handle)));
}
