// What must not be done to the public API and to the native table below it, and the error that each gives. The program
// misuse.mjs runs them; a case that crashes the process is named by the test.
//
// Each row: a name, what to do (its result is ignored), the error's class, and words of its message. `null` as the class
// means that it is allowed and must not throw.
import * as torch from 'isotorch';
import { native } from '../../../dist/native.js';
import { handleOf } from '../../../dist/tensor/handle.js';

const { nn, optim } = torch;
const t = () => torch.ones([2, 3]);
const leaf = () => torch.ones([3], { requires_grad: true });
const disposed = () => {
  const tensor = t();
  tensor.dispose();
  return tensor;
};
const stale = () => {
  const tensor = t();
  const handle = handleOf(tensor);
  tensor.dispose();
  return handle;
};
const detached = (array) => {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};
const parameter = () => new nn.Parameter(torch.ones([2]));
const op = (name) => native.op(`aten::${name}`);

const GONE = /is a disposed tensor: it was freed by dispose\(\) or at the end of its torch\.scope/;

const disposal = [
  ['use after dispose()', () => disposed().add(1), 'TorchError', GONE],
  ['use after its scope ended', () => {
    let escaped;
    torch.scope(() => {
      escaped = t();
    });
    escaped.add(1);
  }, 'TorchError', GONE],
  ['as a second argument', () => t().add(disposed()), 'TorchError', GONE],
  ['in a list', () => torch.cat([t(), disposed()]), 'TorchError', GONE],
  ['shape of a disposed tensor', () => disposed().shape, 'TorchError', GONE],
  ['item of a disposed tensor', () => disposed().item(), 'TorchError', GONE],
  ['printing a disposed tensor', () => String(disposed()), null],
  ['backward of a disposed tensor', () => disposed().backward(), 'TorchError', GONE],
  ['grad of a disposed tensor', () => disposed().grad, 'TorchError', GONE],
  ['assigning a disposed grad', () => {
    leaf().grad = disposed();
  }, 'TorchError', GONE],
  ['disposing twice', () => {
    const tensor = t();
    tensor.dispose();
    tensor.dispose();
  }, null],
  ['a graph whose inputs were disposed still runs backward', () => {
    const w = leaf();
    const y = w.mul(2);
    const z = y.sum();
    y.dispose();
    z.backward();
    if (w.grad.tolist().join() !== '2,2,2') throw new Error('wrong gradient');
  }, null],
  ['disposing a parameter in use by an optimizer', () => {
    const p = parameter();
    const optimizer = new optim.SGD([p], { lr: 0.1 });
    p.sum().backward();
    p.dispose();
    optimizer.step();
    optimizer.zero_grad();
  }, null],
  ['a generator state that was disposed', () => torch.set_rng_state(disposed()), 'TorchError', GONE],
];

const forged = [
  ['an object that looks like a tensor', () => torch.add({ shape: [1], dtype: torch.float32 }, 1), 'TypeError', /./],
  ['an object made from the prototype', () => torch.add(Object.create(torch.Tensor.prototype), 1), 'TypeError', /./],
  ['a method on a foreign receiver', () => torch.Tensor.prototype.add.call({}, 1), 'TypeError', /./],
  ['a structured clone', () => torch.add(structuredClone({ ...t() }), 1), 'TypeError', /./],
  ['a plain number as the receiver', () => torch.Tensor.prototype.relu.call(1), 'TypeError', /./],
  ['native: slot 0', () => op('relu')(0), 'TorchError', GONE],
  ['native: a slot never given out', () => op('relu')(123456789), 'TorchError', GONE],
  ['native: a stale slot', () => op('relu')(stale()), 'TorchError', GONE],
  ['native: -1', () => op('relu')(-1), 'TorchError', GONE],
  ['native: 2^32', () => op('relu')(2 ** 32), 'TorchError', GONE],
  ['native: NaN', () => op('relu')(Number.NaN), 'TorchError', GONE],
  ['native: a string', () => op('relu')('1'), 'TypeError', /argument 'self' \(position 1\) must be Tensor, not str/],
  ['native: an object', () => op('relu')({}), 'TypeError', /must be Tensor, not object/],
  ['native: a function', () => op('relu')(() => 1), 'TypeError', /must be Tensor, not function/],
  ['native: a symbol', () => op('relu')(Symbol('x')), 'TypeError', /must be Tensor, not symbol/],
  ['native: null for a tensor', () => op('relu')(null), 'TypeError', /must be Tensor, not None/],
  ['native: a list of two for a tensor', () => op('relu')([1, 2]), 'TypeError', /must be Tensor, not list/],
  ['native: a stale slot in shape()', () => native.shape(stale()), 'TorchError', GONE],
  ['native: a string in shape()', () => native.shape('x'), 'TypeError', /./],
  ['native: nothing in shape()', () => native.shape(), 'TypeError', /./],
  ['native: releasing anything', () => {
    for (const value of [0, 4e9, -1, 1e300, Number.NaN]) native.release(value);
  }, null],
  ['native: releasing a stale slot does not free the next tenant', () => {
    const handle = stale();
    const tenant = t();
    if (handleOf(tenant) !== handle) throw new Error('the slot was not reused; the case tests nothing');
    native.release_many(Int32Array.of(0, 0), 2);
    tenant.add(1);
  }, null],
  ['native: release_many beyond the array', () => native.release_many(new Int32Array(1), 1000), null],
  ['native: release_many with a negative count', () => native.release_many(new Int32Array(1), -5), null],
  ['native: release_many of another array type', () => native.release_many(new Float64Array(1), 1), 'TypeError', /./],
  ['native: a generator that is a plain object', () => op('rand.generator')([2], {}), 'TypeError', /must be .*Generator.*, not object/],
  ['native: an anchor as a generator', () => op('rand.generator')([2], native.anchor(op('ones')([1]))), 'TypeError', /Generator/],
  ['native: an optimizer as a generator', () => op('rand.generator')([2], native.optimizer('sgd')), 'TypeError', /Generator/],
  ['native: a generator as an optimizer', () => native.optimizer_zero_grad(native.create_generator('cpu'), true), 'TypeError', /./],
  ['native: an unknown optimizer', () => native.optimizer('lion'), 'TypeError', /./],
  ['native: op of a number', () => native.op(5), 'TypeError', /./],
  ['native: connect without functions', () => native.connect(1, 2, 3), 'TypeError', /a function/],
  ['native: anchor of a stale slot', () => native.anchor(stale()), 'TorchError', GONE],
];

const types = [
  ['dtype where a number is wanted', () => t().add(torch.float32), 'TypeError', /add\(\)/],
  ['a string where a number is wanted', () => t().mul('2'), 'TypeError', /mul\(\)/],
  ['null where a tensor is wanted', () => t().matmul(null), 'TypeError', /matmul\(\)/],
  ['undefined where a tensor is wanted', () => t().matmul(undefined), 'TypeError', /matmul\(\)/],
  ['a missing argument', () => t().matmul(), 'TypeError', /matmul\(\) missing 1 required positional argument/],
  ['a surplus argument', () => t().relu(1, 2, 3), 'TypeError', /relu\(\) takes/],
  ['an unknown option', () => t().sum({ keepdims_: true }), 'TypeError', /sum\(\)/],
  ['an option given twice', () => t().sum(1, { dim: 1 }), 'TypeError', /sum\(\)/],
  ['an option of the wrong type', () => t().sum(1, { keepdim: 'yes' }), 'TypeError', /sum\(\)/],
  ['a fraction as a dimension', () => t().sum(0.5), 'TypeError', /sum\(\)/],
  ['dtype mismatch in matmul', () => t().matmul(torch.ones([3, 2], { dtype: torch.float64 })), 'TorchError', /expected .* same dtype/],
  ['result that an in-place operation cannot hold', () => torch.ones([2], { dtype: torch.int64 }).add_(0.5), 'TorchError', /can't be cast/],
  ['shape mismatch', () => t().matmul(t()), 'TorchError', /mat1 and mat2 shapes cannot be multiplied/],
  ['a device that does not exist', () => torch.ones([1], { device: 'cuda:63' }), 'TorchError', /cuda/i],
  ['a device that is no device', () => torch.ones([1], { device: 'gpu' }), 'TorchError', /gpu/],
  ['a device of another backend', () => torch.ones([1], { device: 'xpu' }), 'TorchError', /xpu/i],
  ['moving to a device that does not exist', () => t().to('cuda:63'), 'TorchError', /cuda/i],
  ['a module to a device that does not exist', () => new nn.Linear(2, 2).to('cuda:63'), 'TorchError', /cuda/i],
  ['a dtype that is a string', () => torch.ones([1], { dtype: 'float32' }), 'TypeError', /dtype/],
  ['an index too large', () => t().select(0, 5), 'RangeError', /out of range/],
  ['a dimension too large', () => t().sum(9), 'RangeError', /Dimension out of range/],
  ['a list of strings as a shape', () => torch.ones(['2']), 'TypeError', /ones\(\)/],
  ['a list with a hole as a shape', () => torch.ones([2, , 3]), 'TypeError', /ones\(\)/], // biome-ignore lint/suspicious/noSparseArray: that is the case
  ['a getter that throws in a list', () => op('ones')(Object.defineProperty([1], 0, { get() { throw new RangeError('mine'); } })), 'RangeError', /^mine$/],
  ['native: a surplus argument', () => op('relu')(handleOf(t()), 1), 'TypeError', /relu\(\) takes 1 arguments but 2 were given/],
  ['native: a missing argument', () => op('add.Tensor')(handleOf(t())), 'TypeError', /add\(\) missing required argument 'other' \(position 2\)/],
  ['native: a dtype code that does not exist', () => op('ones')([1], 99), 'TypeError', /dtype/],
  ['native: a negative dtype code', () => op('ones')([1], -1), 'TypeError', /dtype/],
  ['native: a memory format that does not exist', () => op('clone')(handleOf(t()), 17), 'TypeError', /memory_format/],
  ['native: a dtype that no kernel has', () => op('ones')([1], 34), 'NotImplementedError|TorchError|TypeError', /./],
];

const sizes = [
  ['NaN as a size', () => torch.ones([Number.NaN]), 'TypeError', /./],
  ['infinity as a size', () => torch.ones([Number.POSITIVE_INFINITY]), 'TypeError', /./],
  ['a fraction as a size', () => torch.ones([1.5]), 'TypeError', /./],
  ['a negative size', () => torch.ones([-2]), 'TorchError', /negative dimension -2/],
  ['2^53 elements', () => torch.empty([2 ** 53]), 'OutOfMemoryError|TorchError|TypeError', /./],
  ['2^48 elements', () => torch.empty([2 ** 48]), 'OutOfMemoryError', /can't allocate memory/],
  ['sizes whose product overflows', () => torch.empty([2 ** 40, 2 ** 40]), 'OutOfMemoryError|TorchError', /./],
  ['a BigInt size beyond 64 bits', () => torch.ones([2n ** 70n]), 'TypeError|TorchError', /./],
  ['a BigInt scalar beyond 64 bits', () => torch.ones([1], { dtype: torch.int64 }).add(2n ** 64n), 'TypeError|TorchError', /64 bits|overflow/i],
  ['a BigInt in data beyond 64 bits', () => torch.tensor([2n ** 64n]), 'ValueError', /Overflow when unpacking long long/],
  ['a seed beyond 64 bits', () => torch.manual_seed(2n ** 65n), 'ValueError', /Overflow/],
  ['a seed that is NaN', () => torch.manual_seed(Number.NaN), 'ValueError', /cannot convert float NaN to integer/],
  ['a seed that is a fraction is cut, as in Python', () => {
    if (Number(torch.manual_seed(1.5).initial_seed()) !== 1) throw new Error('not cut');
  }, null],
  ['an as_strided beyond its storage', () => torch.ones([4]).as_strided([100], [1]), 'TorchError', /out of bounds for storage/],
  ['an as_strided with negative strides', () => torch.ones([4]).as_strided([2], [-1]), 'TorchError', /[Nn]egative strides/],
  ['resize_ to something huge', () => torch.ones([4]).resize_([2 ** 46]), 'OutOfMemoryError', /can't allocate/],
  ['ragged nested data', () => torch.tensor([[1, 2], [3]]), 'ValueError|TypeError', /expected sequence of length 2 at dim 1 \(got 1\)/],
  ['mixed data', () => torch.tensor([1, 'two']), 'TypeError|ValueError', /invalid data type|too many dimensions/],
  ['data that contains itself', () => {
    const list = [];
    list.push(list);
    torch.tensor(list);
  }, 'ValueError|TypeError|RangeError', /./],
  ['zero threads', () => torch.set_num_threads(0), 'TorchError|TypeError', /positive integer/],
  ['threads that are no number', () => torch.set_num_threads('many'), 'TypeError', /./],
  ['a number of threads that is a fraction', () => torch.set_num_threads(1.5), 'TypeError', /./],
];

const buffers = [
  ['a detached typed array as data', () => torch.tensor(detached(new Float32Array(4))), 'TypeError', /detached/],
  ['a detached buffer in frombuffer', () => torch.frombuffer(detached(new Uint8Array(8)), { dtype: torch.float32 }), 'TypeError', /detached/],
  ['frombuffer of an odd length', () => torch.frombuffer(new Uint8Array(7), { dtype: torch.float32 }), 'ValueError|TorchError', /./],
  ['native: a detached array', () => native.from_bytes(detached(new Float32Array(4)), [4], 6), 'TypeError', /not detached/],
  ['native: too few bytes', () => native.from_bytes(new Uint8Array(8), [4], 6), 'TorchError', /expected 16 bytes .* got 8/],
  ['native: too many bytes', () => native.from_bytes(new Uint8Array(80), [4], 6), 'TorchError', /expected 16 bytes .* got 80/],
  ['native: bytes for a huge shape', () => native.from_bytes(new Uint8Array(8), [2 ** 50], 6), 'OutOfMemoryError', /./],
  ['native: bytes that are no bytes', () => native.from_bytes([1, 2], [2], 6), 'TypeError', /typed array/],
  ['native: bytes of a dtype that does not exist', () => native.from_bytes(new Uint8Array(4), [1], 1000), 'TypeError', /dtype/],
  ['native: copy_bytes_ of the wrong size', () => native.copy_bytes_(handleOf(t()), new Uint8Array(3)), 'TorchError', /expected 24 bytes/],
  ['native: copy_bytes_ of a detached array', () => native.copy_bytes_(handleOf(torch.ones([1])), detached(new Float32Array(1))), 'TypeError', /detached/],
  ['a shared array buffer', () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.fill(3);
    if (torch.tensor(shared).tolist().join() !== '3,3') throw new Error('wrong values');
  }, null],
  ['a zero-length view at the end of its buffer', () => torch.tensor(new Float32Array(new ArrayBuffer(8), 8, 0)), null],
];

class Thrown extends Error {
  name = 'Thrown';
}
const thrower = () => {
  throw new Thrown('from the callback');
};

const autograd = [
  ['backward twice', () => {
    const y = leaf().exp().sum();
    y.backward();
    y.backward();
  }, 'TorchError', /Trying to backward through the graph a second time/],
  ['a tensor hook that throws', () => {
    const y = leaf().exp();
    y.register_hook(thrower);
    y.sum().backward();
  }, 'Thrown', /^from the callback$/],
  ['backward works again after a hook threw', () => {
    const w = leaf();
    const y = w.exp();
    const handle = y.register_hook(thrower);
    try {
      y.sum().backward({ retain_graph: true });
    } catch {}
    handle.remove();
    leaf().mul(2).sum().backward();
    w.mul(3).sum().backward();
    if (!w.grad.tolist().every((g) => g === 3)) throw new Error(`wrong gradient ${w.grad}`);
  }, null],
  ['a hook that throws a number', () => {
    const y = leaf().exp();
    y.register_hook(() => {
      throw 42; // biome-ignore lint/style/useThrowOnlyError: that is the case
    });
    try {
      y.sum().backward();
    } catch (error) {
      if (error === 42) return;
      throw error;
    }
    throw new Error('nothing was thrown');
  }, null],
  ['a hook that returns nonsense', () => {
    const y = leaf().exp();
    y.register_hook(() => 'gradient');
    y.sum().backward();
  }, 'TypeError|TorchError', /./],
  ['a hook that returns another shape', () => {
    const y = leaf().exp();
    y.register_hook(() => torch.ones([7]));
    y.sum().backward();
  }, 'TorchError', /./],
  ['a hook that disposes its gradient', () => {
    const w = leaf();
    const y = w.exp();
    y.register_hook((g) => {
      g.dispose();
    });
    y.sum().backward();
    if (w.grad === null) throw new Error('no gradient');
  }, null],
  ['a hook that returns a disposed tensor', () => {
    const y = leaf().exp();
    y.register_hook(() => disposed());
    y.sum().backward();
  }, 'TorchError|TypeError', /./],
  ['a hook that disposes the tensor it hangs on', () => {
    const w = leaf();
    const y = w.exp();
    y.register_hook(() => {
      y.dispose();
      w.dispose();
    });
    y.sum().backward();
  }, null],
  ['a hook that runs backward itself', () => {
    const w = leaf();
    const y = w.exp();
    y.register_hook(() => {
      torch.enable_grad(() => leaf().mul(2).sum().backward());
    });
    y.sum().backward();
    if (w.grad === null) throw new Error('no gradient');
  }, null],
  ['a hook that runs backward without enable_grad', () => {
    const y = leaf().exp();
    y.register_hook(() => {
      leaf().mul(2).sum().backward();
    });
    y.sum().backward();
  }, 'TorchError', /element 0 of tensors does not require grad/],
  ['a hook that runs backward to the same leaf', () => {
    const w = leaf();
    const y = w.exp();
    const z = y.sum();
    y.register_hook(() => {
      torch.enable_grad(() => w.mul(1).sum().backward());
    });
    z.backward();
    // The inner pass added 1 to each.
    const expected = Math.fround(Math.fround(Math.exp(1)) + 1);
    if (Math.abs(w.grad.tolist()[0] - expected) > 1e-6) throw new Error(`wrong gradient ${w.grad}`);
  }, null],
  ['a hook that is no function', () => leaf().register_hook(5), 'TypeError', /./],
  ['a post-accumulate hook that throws', () => {
    const w = leaf();
    w.register_post_accumulate_grad_hook(thrower);
    w.sum().backward();
  }, 'Thrown', /^from the callback$/],
  ['a Function whose backward throws', () => {
    class F extends torch.autograd.Function {
      static forward(_ctx, x) {
        return x.clone();
      }
      static backward() {
        return thrower();
      }
    }
    F.apply(leaf()).sum().backward();
  }, 'Thrown', /^from the callback$/],
  ['a Function whose forward throws', () => {
    class F extends torch.autograd.Function {
      static forward() {
        return thrower();
      }
      static backward() {}
    }
    F.apply(leaf());
  }, 'Thrown', /^from the callback$/],
  ['a Function that gives too few gradients', () => {
    class F extends torch.autograd.Function {
      static forward(_ctx, x, y) {
        return x.add(y);
      }
      static backward(_ctx, g) {
        return [g];
      }
    }
    F.apply(leaf(), leaf()).sum().backward();
  }, 'TorchError', /returned an incorrect number of gradients \(expected 2, got 1\)/],
  ['a Function used after it was freed', () => {
    class F extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.save_for_backward(x);
        return x.mul(2);
      }
      static backward(ctx, g) {
        const [x] = ctx.saved_tensors;
        return g.mul(x);
      }
    }
    const y = F.apply(leaf()).sum();
    y.backward();
    y.backward();
  }, 'TorchError', /Trying to backward through the graph a second time/],
  ['no_grad of a promise-returning function', () => torch.no_grad(async () => 1), 'TypeError|TorchError', /./],
  ['no_grad restores the mode when its body throws', () => {
    try {
      torch.no_grad(thrower);
    } catch {}
    if (!torch.is_grad_enabled()) throw new Error('gradients stayed off');
  }, null],
  ['inference_mode restores the mode when its body throws', () => {
    try {
      torch.inference_mode(thrower);
    } catch {}
    if (!torch.ones([1], { requires_grad: true }).mul(2).requires_grad) throw new Error('inference mode stayed on');
  }, null],
  ['an inference tensor in autograd', () => {
    const x = torch.inference_mode(() => torch.ones([2]));
    leaf().sum().mul(x).sum().backward();
  }, 'TorchError', /Inference tensors cannot be saved for backward/],
  ['a scope whose body throws', () => torch.scope(thrower), 'Thrown', /^from the callback$/],
  ['a Module hook that throws', () => {
    const m = new nn.ReLU();
    m.register_forward_hook(thrower);
    m.call(t());
  }, 'Thrown', /^from the callback$/],
];

const options = [
  ['a learning rate that is NaN', () => new optim.SGD([parameter()], { lr: Number.NaN }), 'ValueError', /Invalid learning rate: nan/i],
  ['a learning rate that is infinite', () => new optim.SGD([parameter()], { lr: Number.POSITIVE_INFINITY }), 'ValueError', /Invalid learning rate: inf/],
  ['a learning rate that is a string', () => new optim.Adam([parameter()], { lr: '0.1' }), 'TypeError|ValueError', /./],
  ['betas that are one number', () => new optim.Adam([parameter()], { betas: 0.9 }), 'TypeError|ValueError', /./],
  ['betas with NaN', () => new optim.Adam([parameter()], { betas: [Number.NaN, 0.9] }), 'ValueError', /Invalid beta parameter at index 0/],
  ['eps that is NaN', () => new optim.Adam([parameter()], { eps: Number.NaN }), 'ValueError', /Invalid epsilon value/],
  ['an unknown option', () => new optim.Adam([parameter()], { learning_rate: 1 }), 'TypeError', /learning_rate/],
  ['parameters that are one tensor', () => new optim.SGD(parameter(), { lr: 0.1 }), 'TypeError', /./],
  ['parameters that are numbers', () => new optim.SGD([1, 2], { lr: 0.1 }), 'TypeError', /./],
  ['a parameter given twice in two groups', () => {
    const p = parameter();
    new optim.SGD([{ params: [p] }, { params: [p] }], { lr: 0.1 });
  }, 'ValueError', /some parameters appear in more than one parameter group/],
  ['a state dict of another optimizer', () => new optim.Adam([parameter()]).load_state_dict({ state: {}, param_groups: [] }), 'ValueError', /different number of parameter groups/],
  ['a state dict that is nonsense', () => new optim.Adam([parameter()]).load_state_dict(5), 'TypeError|ValueError', /./],
  ['native: options that are too short', () => {
    const optimizer = native.optimizer('adam');
    native.optimizer_add_group(optimizer, [handleOf(parameter())]);
    native.optimizer_step(optimizer, 0, new Float64Array(1));
  }, 'ValueError', /Adam expects \d+ options, got 1/],
  ['native: a group that does not exist', () => native.optimizer_step(native.optimizer('sgd'), 7, new Float64Array(7)), 'ValueError|RangeError', /./],
  ['native: a state of a parameter that does not exist', () => native.optimizer_state(native.optimizer('sgd'), 0, 3), 'TypeError|RangeError', /./],
  ['native: detached options', () => {
    const optimizer = native.optimizer('sgd');
    native.optimizer_add_group(optimizer, [handleOf(parameter())]);
    native.optimizer_step(optimizer, 0, detached(new Float64Array(7)));
  }, 'ValueError', /SGD expects 7 options, got 0/],
  ['BatchNorm with zero features', () => new nn.BatchNorm1d(0).forward(torch.ones([2, 0])), 'RangeError', /index 0 out of range for tensor of size \[0\]/],
  ['Linear with a fraction of features', () => new nn.Linear(2.5, 1), 'TypeError', /./],
  ['Linear with negative features', () => new nn.Linear(-1, 1), 'TorchError', /./],
  ['Conv2d with a kernel of NaN', () => new nn.Conv2d(1, 1, Number.NaN), 'TypeError', /./],
  ['Dropout of NaN', () => new nn.Dropout(Number.NaN).forward(t()), 'TorchError|ValueError', /dropout probability/],
  ['Sequential of a function', () => new nn.Sequential(() => 1), 'TypeError', /is not a Module subclass/],
  ['a Parameter of a number', () => new nn.Parameter(5), 'TypeError', /./],
  ['a Parameter of integers', () => new nn.Parameter(torch.tensor([1n])), 'TorchError', /floating point/],
  ['assigning a number to a buffer', () => {
    new nn.BatchNorm1d(2).running_mean = 5;
  }, 'TypeError', /cannot assign/],
];

/** Every case, in groups. */
export const groups = { disposal, forged, types, sizes, buffers, autograd, options };

/** All cases in the order in which they are run. */
export const cases = Object.entries(groups).flatMap(([group, rows]) =>
  rows.map(([name, run, error, message]) => ({ name: `${group}: ${name}`, run, error, message })),
);
