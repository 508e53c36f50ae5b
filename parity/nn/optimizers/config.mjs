// One config of an optimizer, made and driven here as python/optimizers.py does.
import { decode, makeTensors } from '../../ops/inputs.mjs';
import { torch } from '../../ops/isotorch.mjs';

/** A value without the mark of whole floats: an option is a number of JavaScript's. */
function plain(value) {
  if (value instanceof Object && typeof value.valueOf() === 'number') return value.valueOf();
  return Array.isArray(value) ? value.map(plain) : value;
}

export class Config {
  /** @param {object} info of the facts @param {object} row of the file @param {Buffer} bytes */
  constructor(info, row, bytes) {
    this.info = info;
    this.row = row;
    this.bytes = bytes;
  }

  get label() {
    const { kwargs, dtype, sparse } = this.row;
    const tensors = kwargs.length > 0 ? this.#tensors() : [];
    const show = (option) => {
      if (Array.isArray(option)) return `[${option.map(show).join(', ')}]`;
      return torch.is_tensor(option) ? 'tensor' : JSON.stringify(option);
    };
    const options = kwargs.map(([name, value]) => `${name}=${show(plain(decode(value, tensors)))}`);
    return `${this.info.name}(${options.join(', ')}) ${dtype}${sparse ? ' sparse' : ''}`;
  }

  #tensors() {
    return makeTensors(this.row, this.bytes);
  }

  /** The options that Python gave. */
  options() {
    const tensors = this.#tensors();
    return Object.fromEntries(this.row.kwargs.map(([name, value]) => [name, plain(decode(value, tensors))]));
  }

  parameters() {
    const dtype = torch[this.row.dtype];
    torch.manual_seed(7);
    return this.row.shapes.map((shape) => torch.randn(shape, { dtype }).requires_grad_());
  }

  make(params) {
    const rest = this.row.decay ? { params: params.slice(1), weight_decay: 0.03 } : { params: params.slice(1) };
    const groups = this.info.groups ? [{ params: params.slice(0, 1) }, rest] : params;
    const found = torch.optim[this.info.name];
    if (found === undefined) throw new Error(`torch.optim.${this.info.name} is missing`);
    return new found(groups, this.options());
  }

  /** The call that Python refuses. */
  makeWrong() {
    const tensors = this.#tensors();
    const { [this.info.name]: found } = torch.optim;
    if (found === undefined) throw new Error(`torch.optim.${this.info.name} is missing`);
    return new found(plain(decode(this.row.wrong, tensors)), this.options());
  }

  step(optimizer, params, number) {
    if (this.info.closure) {
      optimizer.step(() => closure(optimizer, params));
      return;
    }
    torch.manual_seed(1000 + number);
    params.forEach((param, index) => {
      const { shape, dtype } = param;
      if (number % 5 === 3 && index === 1) param.grad = null;
      else if (this.row.sparse) {
        const rows = torch.randperm(shape[0]).narrow(0, 0, 3);
        const values = torch.randn([3, ...shape.slice(1)], { dtype });
        param.grad = torch.sparse_coo_tensor(rows.unsqueeze(0), values, [...shape], { check_invariants: false });
      } else param.grad = torch.randn(shape, { dtype });
    });
    optimizer.step();
  }

  run(optimizer, params, from, to) {
    for (let number = from; number < to; number++) torch.scope(() => this.step(optimizer, params, number));
  }
}

function closure(optimizer, params) {
  optimizer.zero_grad();
  let loss;
  for (const param of params) {
    const far = param.sub(0.5);
    const square = far.is_complex() ? far.mul(far.conj()) : far.pow(4);
    const part = square.sum().abs();
    loss = (loss === undefined ? part.add(0) : loss.add(part)).add(param.sin().sum().abs());
  }
  loss.backward();
  return loss;
}
