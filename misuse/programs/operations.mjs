// The operations of random programs. Each is called as `operation(run)`; what it throws is an answer like others.
import * as torch from 'isotorch';
import { customFunction, disturb, gradientHook, savedTensorHooks, trap } from './callbacks.mjs';
import { DTYPES, SHAPES, TENSORS } from './tensors.mjs';

const { asFloat, slice } = torch;

const UNARY =
  'sin exp relu neg abs sqrt sum mean clone detach t conj sigmoid contiguous to_dense to_sparse coalesce tanh log ' +
  'dequantize flatten cumsum softmax unique sort argmax isnan square sign logsumexp norm values indices trace';
const BINARY = 'add mul sub div matmul maximum pow eq atan2 dot outer mm bmm addmm lerp where masked_fill gather';
const IN_PLACE =
  'add_ mul_ copy_ sub_ div_ set_ pow_ masked_fill_ index_add_ scatter_ resize_as_ swap addcmul_ fmod_ eq_';
const IN_PLACE_UNARY =
  'zero_ sin_ neg_ exp_ relu_ requires_grad_ detach_ t_ squeeze_ conj_physical_ set_ abs_ normal_ bernoulli_ sigmoid_';
const VIEWS = [
  (x) => x.view([-1]),
  (x) => x.narrow(0, 0, 1),
  (x) => x.select(0, 0),
  (x) => x.unsqueeze(0),
  (x) => x.expand([2, ...x.shape]),
  (x) => x.as_strided([2], [1]),
  (x) => x.get(slice(0, 2)),
  (x) => x.get(0),
  (x) => x.unbind()[0],
  (x) => x.split(1)[0],
  (x) => x.diagonal(),
  (x) => x.real,
  (x) => torch.view_as_real(x),
  (x) => x.view(torch.int32),
  (x) => x.transpose(0, -1),
  (x) => x.detach(),
  (x) => x.data,
];

const STORAGES = [
  (s) => s.tolist(),
  (s) => s.fill_(1),
  (s) => s.resize_(64),
  (s, other) => s.copy_(other.untyped_storage()),
  (s) => s.clone(),
  (s) => String(s),
  (s) => s.set(0, 1),
  (s, other) => other.set_(s),
  (s, other) => other.set_(s, 0, [2], [1]),
  (s, other) => torch.ops.aten.set_.source_Storage_storage_offset(other, s, 1, [3], [2]),
];

/** One of the methods in a text. */
const method = (run, names) => run.one(names.split(' '));

function alone(run, names, ...args) {
  const x = run.any();
  run.put(x[method(run, names)](...args));
}

/** Operations by name; their order is the draws'. */
export const operations = {
  make: (run) => run.put(run.one(TENSORS)(run.one)),
  unary: (run) => alone(run, UNARY),
  along: (run) => alone(run, UNARY, run.one([0, 1, -1, 7])),
  binary: (run) => alone(run, BINARY, run.any()),
  ternary: (run) => alone(run, BINARY, run.any(), run.any()),
  number: (run) => alone(run, BINARY, run.one([2, asFloat(0.5), -1, 0])),
  in_place: (run) => alone(run, IN_PLACE, run.any()),
  in_place_unary: (run) => alone(run, IN_PLACE_UNARY),
  view: (run) => run.put(run.one(VIEWS)(run.any())),
  in_place_on_view: (run) => run.one(VIEWS)(run.any())[method(run, IN_PLACE_UNARY)](),
  list: (run) => run.put(run.one([torch.cat, torch.stack, torch.hstack])([run.any(), run.any()])),
  list_with_getter: (run) => run.put(torch.cat(trap(run, [run.any(), run.any()]))),
  out: (run) => torch.add(run.any(), 1, { out: run.any() }),
  to: (run) => run.put(run.any().to(run.one(DTYPES))),
  resize: (run) => run.any().resize_(run.one(SHAPES)),
  reshape_with_getter: (run) => run.put(run.any().reshape(trap(run, run.one([[3], [3, 2], [-1]])))),
  get_with_getter: (run) => run.put(run.any().get(trap(run, [0, 1]))),
  get_by_tensor: (run) => run.put(run.any().get(run.any())),
  set: (run) => run.any().set(run.one([0, [0, 1], slice(1), null, '...', run.any()]), run.any()),
  set_with_getter: (run) => run.any().set(trap(run, [0, 1]), run.any()),
  dispose: (run) => run.any().dispose(),
  backward: (run) => run.any().sum().backward(),
  backward_again: (run) => run.any().sum().backward({ retain_graph: true }),
  backward_with: (run) => run.any().backward(run.any()),
  double_backward: (run) => run.any().sum().backward({ create_graph: true }),
  grad: (run) => {
    const options = { allow_unused: true, retain_graph: run.one([true, false]), create_graph: run.one([true, false]) };
    for (const found of torch.autograd.grad([run.any().sum()], [run.any(), run.any()], options)) run.put(found);
  },
  hook: (run) => run.handles.push(run.any().register_hook(gradientHook(run))),
  late_hook: (run) => run.handles.push(run.any().register_post_accumulate_grad_hook(disturb(run))),
  remove_hook: (run) => run.one(run.handles)?.remove(),
  node_hook: (run) => {
    const [before, after] = [disturb(run), gradientHook(run)];
    const hook = (grads) => {
      before();
      return grads.map((grad) => grad && after(grad));
    };
    run.handles.push(run.any().grad_fn.register_prehook(hook));
  },
  node_post_hook: (run) => run.handles.push(run.any().grad_fn.register_hook(disturb(run))),
  nodes: (run) => {
    let node = run.any().grad_fn;
    for (let depth = 0; depth < 5 && node; depth++) {
      node.name();
      void node.metadata;
      node = node.next_functions?.[0]?.[0];
    }
  },
  retain_grad: (run) => run.any().retain_grad(),
  read_grad: (run) => run.put(run.any().grad),
  write_grad: (run) => {
    run.any().grad = run.one([null, run.any()]);
  },
  write_data: (run) => {
    run.any().data = run.any();
  },
  requires_grad: (run) => {
    run.any().requires_grad = run.one([true, false]);
  },
  custom: (run) => {
    const out = customFunction(run).apply(run.any(), ...run.one([[], [run.any()], [1]]));
    for (const item of Array.isArray(out) ? out : [out]) run.put(item);
  },
  scope: (run) =>
    run.put(
      torch.scope(() => {
        run.steps(3);
        return run.one([null, run.any(), [run.any()], { x: run.any() }])?.x;
      }),
    ),
  no_grad: (run) => torch.no_grad(() => run.steps(2)),
  enable_grad: (run) => torch.enable_grad(() => run.steps(2)),
  inference: (run) => torch.inference_mode(() => run.steps(2)),
  saved: (run) => {
    const [pack, unpack] = savedTensorHooks(run);
    torch.autograd.graph.saved_tensors_hooks(pack, unpack, () => run.steps(3));
  },
  anomaly: (run) => torch.autograd.detect_anomaly(() => run.steps(2)),
  storage: (run) => run.one(STORAGES)(run.any().untyped_storage(), run.any()),
  typed_storage: (run) => run.one([(s) => s.tolist(), (s) => s.fill_(1), (s) => s.clone()])(run.any().storage()),
  share: (run) => run.any().unsafe_typed_array().fill(1),
  read: (run) => run.one([(x) => String(x), (x) => x.tolist(), (x) => x.item(), (x) => x.toTypedArray()])(run.any()),
  compare: (run) => torch.equal(run.any(), run.any()),
  step: (run) => new torch.optim.SGD([run.any()], { lr: 0.1, momentum: 0.9 }).step(),
  adam: (run) => new torch.optim.Adam([run.any(), run.any()], { fused: run.one([true, false]) }).step(),
  layer: (run) => run.put(run.one([new torch.nn.Linear(3, 2), new torch.nn.Flatten()]).forward(run.any())),
  collect: (run) => run.collect(),
};
