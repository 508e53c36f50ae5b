// The calls that the misuse run makes of one function.
import * as torch from 'isotorch';
import { anyValue, disposed, lookAlike, randomNumbers, tensor } from './values.mjs';

const { asFloat } = torch;
const SURPLUS = Array.from({ length: 45 }, (_, i) => Symbol(`surplus ${i}`));

/** Arguments that some function takes; `x` stands where its tensor is. */
const TEMPLATES = [
  (x) => [x],
  (x) => [x, x],
  (x) => [x, 1],
  (x) => [x, asFloat(0.5)],
  (x) => [[x, x]],
  (x) => [x, [1, 0]],
  (x) => [x, x, x],
  (x) => [x, 1, 1],
];

/** What must not be taken for a tensor. */
const NOT_TENSORS = [
  ['a disposed tensor', disposed],
  ['a look-alike of a tensor', lookAlike],
  ['a symbol', () => Symbol('s')],
  ['a function', () => function given() {}],
  ['a string', () => 'not a tensor'],
];

/** Functions that take anything: they ask what a value is, keep it, or hand it back. */
const TAKES_ANYTHING =
  /\bis_tensor$|\bis_storage$|\btypename$|return_types|is_disposed|dispose|\bslice$|new torch\.(Slice|\w*Error)$|\.\w+Error$|new torch\.nn\.Identity$/;

/** JavaScript calls these itself, with arguments of its own. */
const CALLED_BY_JAVASCRIPT = /(toString|toJSON)(\.call)?$/;

/** Their keywords have any names: the options of an optimizer are its own. */
const ANY_KEYWORDS = /^new torch\.optim\.Optimizer$/;

/** Numbers of elements that are computed one by one, or of layers that are copied: many of them take minutes. */
const COMPUTES_ALL = /^torch\.random\.numpy\.|^new torch\.nn\.(SyncBatchNorm|Transformer\w*)$/;
const isHuge = (value) => (typeof value === 'number' || typeof value === 'bigint') && value > 1000;

/** Functions that do not look at a value which they accept, but count their arguments. */
const IGNORES_VALUES = [
  // As in Python: there is one CPU, whatever the argument names.
  /^torch\.cpu\.(synchronize|set_device|current_stream)$/,
  // As in Python: without a device its states are put off, and its figures are none.
  /^torch\.(cuda|xpu|mtia|mps)\.(set_rng_state(_all)?|memory_stats(_as_nested_dict)?|is_bf16_supported)$/,
  // As in Python: without an accelerator nothing is looked up.
  /^torch\.accelerator\.(memory_|max_memory_|reset_|current_accelerator)/,
  // As in Python: layers without weights keep what they are given; `forward` looks at it. Lazy ones wait for it.
  /^new torch\.nn\.(modules\.\w+\.)?(?!(Bilinear|Linear|Conv|Embedding|BatchNorm|SyncBatchNorm|LayerNorm|GroupNorm|RMSNorm|PReLU|RNN|LSTM|GRU|MultiheadAttention|Transformer$|\w+Layer$|Parameter$|Module|Sequential))\w+$/,
  // As in Python: what is to be transformed, pruned or averaged is looked at when it is called.
  /^torch\.(vmap|func\.(vmap|functionalize|grad|grad_and_value|hessian|jacfwd|jacrev))$/,
  /^torch\.optim\.swa_utils\.get_ema_|^new torch\.optim\.swa_utils\.AveragedModel$|^new torch\.nn\.utils\.(prune\.|rnn\.PackedSequence)/,
  // As in Python: whatever it is, it is asked about.
  /^torch\.nn\.(parameter\.is_lazy|modules\.utils\.consume_prefix\w+|utils\.parametrize\.\w+)$/,
  // As in Python: a list of anything can be chosen from, shuffled, batched, and wrapped as a data set.
  /^torch\.random\.(python|numpy)\.(bytes|choice|choices|sample|shuffle|permutation|get_state)$/,
  /^new torch\.utils\.data\.\w+$|^torch\.utils\.data\.(random_split|_utils\.collate\.default_\w+)$/,
  // As in Python: options that only chunking uses.
  /^new torch\.nn\.LinearCrossEntropyOptions$/,
  // Whatever it is, it is copied.
  /^torch\.copy\.deepcopy$/,
  // A tensor that is freed is still what was handed in.
  /^new torch\.autograd\.forward_ad\.UnpackedDualTensor$/,
];

/**
 * @typedef {object} Misuse
 * @property {string} what the call in words
 * @property {unknown[]} args
 * @property {boolean} refused whether an error is the only right answer
 */

/**
 * The calls, one by one: whether some must be refused is known only after others were taken.
 * @param {import('./surface.mjs').Callable} callable
 * @param {number} random how many calls have drawn arguments
 * @returns {Generator<Misuse, void, boolean>} is told of each call whether it returned
 */
export function* misuses({ name, accessor }, random) {
  const raw = name.startsWith('torch.ops.');
  const strict = !TAKES_ANYTHING.test(name) && !CALLED_BY_JAVASCRIPT.test(name);
  const looks = strict && !IGNORES_VALUES.some((pattern) => pattern.test(name));
  yield { what: 'no arguments', args: [], refused: false };
  yield { what: '45 symbols', args: SURPLUS, refused: strict };
  // Reading and writing a property takes no arguments that could be too many.
  const templates = TEMPLATES.slice(0, accessor ? 1 : raw ? 2 : undefined);
  for (const template of templates) {
    const taken = yield { what: `${template}`.replace('(x) => ', ''), args: template(tensor()), refused: false };
    if (!taken) continue;
    const around = `${template}`.replace('(x) => ', '');
    for (const [what, make] of NOT_TENSORS) {
      yield { what: `${around} with ${what}`, args: template(make()), refused: looks };
    }
    if (accessor) continue;
    yield { what: `${around} and 45 symbols`, args: [...template(tensor()), ...SURPLUS], refused: strict };
    yield {
      what: `${around} and a keyword that does not exist`,
      args: [...template(tensor()), { no_such_keyword: 1 }],
      refused: strict && !ANY_KEYWORDS.test(name),
    };
  }
  const draw = randomNumbers(name);
  for (let i = 0; i < random; i++) {
    const values = Array.from({ length: Math.floor(draw() * 6) }, () => anyValue(draw));
    const args = COMPUTES_ALL.test(name) ? values.map((value) => (isHuge(value) ? 1000 : value)) : values;
    // Every other call begins like a right one, to get past the first check.
    if (i % 2 === 1) args.unshift(tensor());
    yield { what: 'drawn', args, refused: false };
  }
}
