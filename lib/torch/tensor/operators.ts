/**
 * Python's operators under the names of their methods: `x.__rsub__(2)` is `2 - x`. TypeScript has no operators for
 * objects; other code calls `add`, `sub`, … instead.
 */
import * as raw from '../generated/functions';
import { isScalar, type Scalar, typeName } from '../core';
import { handleOf, isTensor, type Tensor, TensorBase } from '../memory';

/** Other side of an operator. */
export type Operand = Tensor | Scalar;

const order = new Set(['<', '<=', '>', '>=']);

/** Python's error for an operator whose methods all answer NotImplemented. */
function unsupported(symbol: string, left: unknown, right: unknown): TypeError {
  const types = `'${typeName(left)}' and '${typeName(right)}'`;
  return new TypeError(
    order.has(symbol)
      ? `'${symbol}' not supported between instances of ${types}`
      : `unsupported operand type(s) for ${symbol}: ${types}`,
  );
}

type Call<T> = (self: Tensor, other: never) => T;

/** `self symbol other`. */
function left<T>(symbol: string, self: unknown, other: unknown, call: Call<T>): T {
  if (!isTensor(other) && !isScalar(other)) throw unsupported(symbol, self, other);
  // A text has a method `sub`, too.
  handleOf(self as Tensor);
  return call(self as Tensor, other as never);
}

/** Methods that are written in C in Python, where they refuse to be called on anything but a tensor. */
const builtin: Readonly<Record<string, string>> = {
  '+': '__radd__',
  '*': '__rmul__',
  '&': '__rand__',
  '|': '__ror__',
  '^': '__rxor__',
};

/** Throws Python's error for `Tensor.__radd__(2, x)`. */
function checkSelf(symbol: string, self: unknown): void {
  if (isTensor(self)) return;
  const name = builtin[symbol];
  const type = `'${typeName(self)}' object`;
  if (name !== undefined) {
    throw new TypeError(`descriptor '${name}' for 'torch._C.TensorBase' objects doesn't apply to a ${type}`);
  }
  if (symbol === '/') throw new TypeError(`${type} has no attribute 'reciprocal'`);
}

/** `other symbol self`. */
function right<T>(symbol: string, self: unknown, other: unknown, call: Call<T>): T {
  checkSelf(symbol, self);
  if (!isTensor(other) && !isScalar(other)) throw unsupported(symbol, other, self);
  return call(self as Tensor, other as never);
}

/** Methods that Python calls for its operators. */
export class TensorOperators extends TensorBase {
  /** `self + other`. */
  __add__(other: Operand): Tensor {
    return left('+', this, other, (self, value: Operand) => self.add(value as Scalar));
  }

  /** `self - other`. */
  __sub__(other: Operand): Tensor {
    return left('-', this, other, (self, value: Operand) => self.sub(value as Scalar));
  }

  /** `self * other`. */
  __mul__(other: Operand): Tensor {
    return left('*', this, other, (self, value: Operand) => self.mul(value as Scalar));
  }

  /** `self / other`. */
  __truediv__(other: Operand): Tensor {
    return left('/', this, other, (self, value: Operand) => self.div(value as Scalar));
  }

  /** `self / other`. */
  __div__(other: Operand): Tensor {
    return left('/', this, other, (self, value: Operand) => self.div(value as Scalar));
  }

  /** `self % other`. */
  __mod__(other: Operand): Tensor {
    return left('%', this, other, (self, value: Operand) => self.remainder(value as Scalar));
  }

  /** `self // other`. */
  __floordiv__(other: Operand): Tensor {
    return left('//', this, other, (self, value: Operand) => self.floor_divide(value as Scalar));
  }

  /** `self ** other`. */
  __pow__(other: Operand): Tensor {
    return left('** or pow()', this, other, (self, value: Operand) => self.pow(value as Scalar));
  }

  /** `self @ other`. */
  __matmul__(other: Tensor): Tensor {
    if (!isTensor(other)) throw unsupported('@', this, other);
    return raw.matmul(this as unknown as Tensor, other);
  }

  /** `other + self`. */
  __radd__(other: Operand): Tensor {
    return right('+', this, other, (self, value: Operand) => self.add(value as Scalar));
  }

  /** `other * self`. */
  __rmul__(other: Operand): Tensor {
    return right('*', this, other, (self, value: Operand) => self.mul(value as Scalar));
  }

  /** `other - self`. */
  __rsub__(other: Operand): Tensor {
    return right('-', this, other, (self, value: Operand) => raw.rsub(self, value as Scalar));
  }

  /** `other / self`. */
  __rdiv__(other: Operand): Tensor {
    return right('/', this, other, (self, value: Operand) => self.reciprocal().mul(value as Scalar));
  }

  /** `other / self`. */
  __rtruediv__(other: Operand): Tensor {
    return right('/', this, other, (self, value: Operand) => self.reciprocal().mul(value as Scalar));
  }

  /** `other % self`. */
  __rmod__(other: Operand): Tensor {
    return right('%', this, other, (self, value: Operand) => raw.remainder(value as Scalar, self));
  }

  /** `other ** self`. */
  __rpow__(other: Operand): Tensor {
    return right('** or pow()', this, other, (self, value: Operand) => raw.pow(value as Scalar, self));
  }

  /** `other // self`. */
  __rfloordiv__(other: Operand): Tensor {
    return right('//', this, other, (self, value: Operand) => raw.floor_divide(value as Tensor, self));
  }

  /** `other << self`. */
  __rlshift__(other: Operand): Tensor {
    return right('<<', this, other, (self, value: Operand) => raw.bitwise_left_shift(value as Scalar, self));
  }

  /** `other >> self`. */
  __rrshift__(other: Operand): Tensor {
    return right('>>', this, other, (self, value: Operand) => raw.bitwise_right_shift(value as Scalar, self));
  }

  /** `other & self`. */
  __rand__(other: Operand): Tensor {
    return right('&', this, other, (self, value: Operand) => self.__and__(value as Scalar));
  }

  /** `other | self`. */
  __ror__(other: Operand): Tensor {
    return right('|', this, other, (self, value: Operand) => self.__or__(value as Scalar));
  }

  /** `other ^ self`. */
  __rxor__(other: Operand): Tensor {
    return right('^', this, other, (self, value: Operand) => self.__xor__(value as Scalar));
  }

  /** `other @ self`. */
  __rmatmul__(other: Tensor): Tensor {
    if (!isTensor(other)) throw unsupported('@', other, this);
    return raw.matmul(other, this as unknown as Tensor);
  }

  /** `self += other`. */
  __iadd__(other: Operand): this {
    left('+=', this, other, (self, value: Operand) => self.add_(value as Scalar));
    return this;
  }

  /** `self -= other`. */
  __isub__(other: Operand): this {
    left('-=', this, other, (self, value: Operand) => self.sub_(value as Scalar));
    return this;
  }

  /** `self *= other`. */
  __imul__(other: Operand): this {
    left('*=', this, other, (self, value: Operand) => self.mul_(value as Scalar));
    return this;
  }

  /** `self /= other`. */
  __itruediv__(other: Operand): this {
    left('/=', this, other, (self, value: Operand) => self.div_(value as Scalar));
    return this;
  }

  /** `self /= other`. */
  __idiv__(other: Operand): this {
    left('/=', this, other, (self, value: Operand) => self.div_(value as Scalar));
    return this;
  }

  /** `self %= other`. */
  __imod__(other: Operand): this {
    left('%=', this, other, (self, value: Operand) => self.remainder_(value as Scalar));
    return this;
  }

  /** `self //= other`. */
  __ifloordiv__(other: Operand): this {
    left('//=', this, other, (self, value: Operand) => self.floor_divide_(value as Scalar));
    return this;
  }

  /** `self **= other`. */
  __ipow__(other: Operand): this {
    left('**=', this, other, (self, value: Operand) => self.pow_(value as Scalar));
    return this;
  }

  /** `self == other`. */
  __eq__(other: Operand): Tensor {
    return left('==', this, other, (self, value: Operand) => self.eq(value as Scalar));
  }

  /** `self != other`. */
  __ne__(other: Operand): Tensor {
    return left('!=', this, other, (self, value: Operand) => self.ne(value as Scalar));
  }

  /** `self < other`. */
  __lt__(other: Operand): Tensor {
    return left('<', this, other, (self, value: Operand) => self.lt(value as Scalar));
  }

  /** `self <= other`. */
  __le__(other: Operand): Tensor {
    return left('<=', this, other, (self, value: Operand) => self.le(value as Scalar));
  }

  /** `self > other`. */
  __gt__(other: Operand): Tensor {
    return left('>', this, other, (self, value: Operand) => self.gt(value as Scalar));
  }

  /** `self >= other`. */
  __ge__(other: Operand): Tensor {
    return left('>=', this, other, (self, value: Operand) => self.ge(value as Scalar));
  }

  /** `+self`. */
  __pos__(): Tensor {
    return raw.positive(this as unknown as Tensor);
  }

  /** `-self`. */
  __neg__(this: Tensor): Tensor {
    return this.neg();
  }

  /** `abs(self)`. */
  __abs__(this: Tensor): Tensor {
    return this.abs();
  }

  /** `~self`, for integers and booleans. */
  __invert__(this: Tensor): Tensor {
    const { dtype } = this;
    if (dtype.is_floating_point || dtype.is_complex) {
      throw new TypeError('~ (operator.invert) is only implemented on integer and Boolean-type tensors');
    }
    return this.bitwise_not();
  }
}
