// What PyTorch's test module wraps around a function before it tests it, written the same way here. One row an OpInfo.
import { lists } from './inputs.mjs';
import { torch } from './isotorch.mjs';

const F = () => torch.nn.functional;

/** The generator starts at 42 for the call, and is put back. */
function seeded(call) {
  const state = torch.get_rng_state();
  try {
    torch.manual_seed(42);
    return call();
  } finally {
    torch.set_rng_state(state);
  }
}

const seededFunction =
  (find) =>
  (...args) =>
    seeded(() => {
      const [owner, name] = find();
      return owner[name](...args);
    });
const seededTorch = (name) => seededFunction(() => [torch, name]);
const seededFunctional = (name) => seededFunction(() => [F(), name]);

const method =
  (name) =>
  (x, ...args) =>
    x[name](...args);
const seededMethod =
  (name) =>
  (x, ...args) =>
    seeded(() => x[name](...args));

const isOptions = (value) =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

/** `f(x, { inplace: true, ... })`. */
const inplaceFunctional =
  (name, wrap = (call) => call()) =>
  (...args) =>
    wrap(() => {
      const last = args.at(-1);
      const options = isOptions(last) ? last : {};
      const rest = isOptions(last) ? args.slice(0, -1) : args;
      return F()[name](...rest, { ...options, inplace: true });
    });

function max_pool2d_backward(x, options) {
  const { kernel_size = [], stride = [], padding = [0], dilation = [1], ceil_mode = false } = options;
  const [out, indices] = F().max_pool2d_with_indices(x, {
    kernel_size,
    stride,
    padding,
    dilation,
    ceil_mode,
    return_indices: true,
  });
  const grad = torch.ones_like(out);
  const steps = stride ?? kernel_size;
  const list = (value) => (Array.isArray(value) ? value : [value]);
  return torch.ops.aten.max_pool2d_with_indices_backward.default(
    grad,
    x,
    list(kernel_size),
    list(steps),
    list(padding),
    list(dilation),
    ceil_mode,
    indices,
  );
}

const polygamma =
  (find) =>
  (x, n, ...rest) =>
    find().polygamma(n, x, ...rest);

/** The function of an OpInfo that is a lambda in Python. */
export const FUNCTIONS = {
  item: seededMethod('item'),
  cauchy: seededMethod('cauchy_'),
  exponential: seededMethod('exponential_'),
  geometric: seededMethod('geometric_'),
  log_normal: seededMethod('log_normal_'),
  'normal.in_place': seededMethod('normal_'),
  uniform: seededMethod('uniform_'),
  contiguous: method('contiguous'),
  sum_to_size: method('sum_to_size'),
  expand: method('expand'),
  expand_as: method('expand_as'),
  'nn.functional.fractional_max_pool2d': seededFunctional('fractional_max_pool2d'),
  'nn.functional.fractional_max_pool3d': seededFunctional('fractional_max_pool3d'),
  max_pool2d_with_indices_backward: max_pool2d_backward,
  'nn.functional.rrelu': seededFunctional('rrelu'),
  'nn.functional.scaled_dot_product_attention': seededFunctional('scaled_dot_product_attention'),
  to: method('to'),
  einsum: (tensors, equation) => torch.einsum(equation, tensors),
  svd_lowrank: (a, b, ...rest) => seeded(() => torch.svd_lowrank(a.matmul(b.mT), ...rest)),
  pca_lowrank: (a, b, ...rest) => seeded(() => torch.pca_lowrank(a.matmul(b.mT), ...rest)),
  ...Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`polygamma.polygamma_n_${n}`, polygamma(() => torch)])),
  'special.polygamma.special_polygamma_n_0': polygamma(() => torch.special),
  reshape_as: method('reshape_as'),
  view: method('view'),
  view_as: method('view_as'),
  ...Object.fromEntries(
    ['bfloat16', 'bool', 'byte', 'char', 'double', 'float', 'half', 'int', 'long', 'short', 'chalf'].map((name) => [
      name,
      method(name),
    ]),
  ),
  randn: seededTorch('randn'),
  randn_like: seededTorch('randn_like'),
  // So it is in PyTorch's table.
  rand_like: seededTorch('randn_like'),
  randint: seededTorch('randint'),
  randint_like: seededTorch('randint_like'),
  new_zeros: method('new_zeros'),
  new_ones: method('new_ones'),
  new_empty: method('new_empty'),
  new_empty_strided: method('new_empty_strided'),
  empty_strided: seededTorch('empty_strided'),
  new_full: method('new_full'),
  multinomial: seededTorch('multinomial'),
  normal: seededTorch('normal'),
  'normal.number_mean': (std, mean, ...rest) => seeded(() => torch.normal(mean, std, ...rest)),
  bernoulli: seededTorch('bernoulli'),
  unfold: method('unfold'),
  repeat: method('repeat'),
  resize_: (x, shape) => x.clone().resize_(shape),
  resize_as_: (x, other) => torch.resize_as_(x.clone(), other),
  zero_: (x) => torch.zero_(x.clone()),
  T: (x) => x.T,
  H: (x) => x.H,
  mT: (x) => x.mT,
  mH: (x) => x.mH,
  to_sparse: method('to_sparse'),
  where: (self, condition, other, ...rest) => torch.where(condition, self, other, ...rest),
  'nn.functional.dropout': seededFunctional('dropout'),
  'nn.functional.dropout2d': seededFunctional('dropout2d'),
  'nn.functional.dropout3d': seededFunctional('dropout3d'),
  'nn.functional.alpha_dropout': seededFunctional('alpha_dropout'),
  'nn.functional.feature_alpha_dropout.with_train': seededFunctional('feature_alpha_dropout'),
  'nn.functional.feature_alpha_dropout.without_train': seededFunctional('feature_alpha_dropout'),
  'nn.functional.embedding': (weight, index, ...rest) => F().embedding(index, weight, ...rest),
  'nn.functional.embedding_bag': (weight, index, ...rest) => F().embedding_bag(index, weight, ...rest),
  'nn.functional.multi_head_attention_forward': seededFunctional('multi_head_attention_forward'),
  'linalg.lstsq.grad_oriented': (a, b, options) => [...torch.linalg.lstsq(a, b, options)].slice(0, 2),
  'linalg.pinv.singular': (a, b) => torch.linalg.pinv(a.matmul(b.mT)),
};

/** Functions that take their arguments in another form than Python's. */
export const ADAPTED = {
  // An array is a tuple in an index.
  __getitem__: (x, index) => x.__getitem__(lists.has(index) ? [index] : index),
};

/** Method variants that are lambdas in Python. */
export const METHODS = {
  multinomial: seededMethod('multinomial'),
  bernoulli: seededMethod('bernoulli'),
};

/** In-place variants that are lambdas in Python. */
export const INPLACE = {
  ...Object.fromEntries(
    ['leaky_relu', 'elu', 'celu', 'selu', 'silu', 'silu.complex', 'hardsigmoid', 'mish', 'threshold'].map((name) => [
      `nn.functional.${name}`,
      inplaceFunctional(name.split('.')[0]),
    ]),
  ),
  ...Object.fromEntries(
    [
      'rrelu',
      'dropout',
      'dropout2d',
      'dropout3d',
      'alpha_dropout',
      'feature_alpha_dropout.with_train',
      'feature_alpha_dropout.without_train',
    ].map((name) => [`nn.functional.${name}`, inplaceFunctional(name.split('.')[0], seeded)]),
  ),
};

const uniformize = ([U, S, Vh]) => {
  const { shape } = S;
  const k = shape[shape.length - 1];
  // A slice of everything is the tensor itself in Python, and so is its gradient's layout.
  const first = (x, dim) => (x.shape.at(dim) === k ? x : x.narrow(dim, 0, k));
  return [first(U, -1), S, first(Vh, -2)];
};
const svdProcess = {
  fn_U: (usv) => [uniformize(usv)[0].abs()],
  fn_S: (usv) => [uniformize(usv)[1]],
  fn_Vh: (usv) => {
    const [, S, Vh] = uniformize(usv);
    return [S, Vh.abs()];
  },
  fn_UVh: (usv) => {
    const [U, S, Vh] = uniformize(usv);
    return [U.matmul(Vh), S];
  },
};

/** What is done to an output before it is differentiated (`output_process_fn_grad`), by its Python name. */
export const OUTPUTS = {
  'sample_inputs_lu_unpack.<locals>.out_fn': (out) => [...out].slice(1),
  ...Object.fromEntries(
    Object.entries(svdProcess).map(([name, process]) => [
      `sample_inputs_svd.<locals>.${name}`,
      (out, options) => process(asVh(out, options)),
    ]),
  ),
  'sample_inputs_svd_lowrank.<locals>.fn': ([U, S, V]) => [U.matmul(V.mH), S],
  'sample_inputs_to_sparse.<locals>.<lambda>': (out) => out.to_dense(),
  'sample_inputs_linalg_eig.<locals>.out_fn': ([values, vectors]) => [values, vectors.abs()],
  'sample_inputs_linalg_eigh.<locals>.out_fn': (out) => (torch.is_tensor(out) ? out : [[...out][0], [...out][1].abs()]),
  'sample_inputs_linalg_lu.<locals>.out_fn': (out, name) => (name === 'linalg.lu' ? [...out].slice(1) : out),
};

/** `torch.svd` gives V, `torch.linalg.svd` its conjugate transpose. */
function asVh(out, name) {
  const [U, S, V] = out;
  return [U, S, name === 'svd' ? V.mH : V];
}
