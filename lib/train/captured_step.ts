/** A training step as one CUDA graph: recorded once, then done by one call. */
import * as torch from 'isotorch';
import { readOptions } from '../options';

type Tensor = torch.Tensor;

/** Options of `capturedStep`. */
export interface CapturedStepOptions {
  /** Number of first calls that run as they are, so that libraries choose their algorithms. Default 3. */
  warmup?: number;
}

/** What records work and does it again: CUDA, or what a test puts in its place. */
export interface Recorder {
  /** Whether work on these tensors can be recorded. */
  can(inputs: readonly Tensor[]): boolean;
  /** Runs `body` while the device of the tensors is the current one, whose streams are recorded. */
  beside<T>(inputs: readonly Tensor[], body: () => T): T;
  /** Runs `body` as the recording will, but really. */
  warm<T>(body: () => T): T;
  /** Records `body` without doing its work; `replay` does it. */
  record<T>(body: () => T): { result: T; replay: () => void };
}

type Stream = InstanceType<typeof torch.cuda.Stream>;

const streams = new Map<number, Stream>();

/**
 * The current device's stream for recorded steps. The node that adds up a parameter's gradient stays with the stream that it
 * was made on as long as a graph holds it: so the warm-up and the recordings of all steps, which share parameters, have one.
 */
function ownStream(): Stream {
  const device = torch.cuda.current_device();
  const stream = streams.get(device) ?? new torch.cuda.Stream();
  streams.set(device, stream);
  return stream;
}

/** CUDA's graphs. */
export const CUDA: Recorder = {
  can: (inputs) => inputs.length > 0 && inputs.every((input) => input.is_cuda),
  beside: ([first], body) => torch.cuda.device_of(first!, body),
  warm(body) {
    const [own, around] = [ownStream(), torch.cuda.current_stream()];
    own.wait_stream(around);
    try {
      return torch.cuda.stream(own, body);
    } finally {
      around.wait_stream(own);
    }
  },
  record(body) {
    const graph = new torch.cuda.CUDAGraph();
    const result = torch.cuda.graph(graph, { stream: ownStream() }, body);
    return { result, replay: () => graph.replay() };
  },
};

const described = ({ shape, dtype, device }: Tensor): string => `${dtype} of shape [${shape.join(', ')}] on ${device}`;

function takeIn(place: Tensor, given: Tensor, number: number): void {
  if (described(place) !== described(given)) {
    throw new torch.ValueError(
      `capturedStep: input ${number} is ${described(given)}, but the step was recorded with ${described(place)}; a recorded ` +
        'step takes inputs of one kind: leave out a last, smaller batch, or give it to the step itself',
    );
  }
  place.copy_(given);
}

/** A result with its tensors replaced. */
function mapped(result: unknown, replace: (tensor: Tensor) => Tensor): unknown {
  if (torch.is_tensor(result)) return replace(result);
  if (Array.isArray(result)) return result.map((item) => mapped(item, replace));
  if (typeof result !== 'object' || result === null || Object.getPrototypeOf(result) !== Object.prototype)
    return result;
  return Object.fromEntries(Object.entries(result).map(([name, item]) => [name, mapped(item, replace)]));
}

/** Without the graph, which would hold what the step saved for its backward pass. */
const detached = (tensor: Tensor): Tensor => (tensor.requires_grad ? tensor.detach() : tensor);

/** Memory for an input of the recorded step. */
const placeFor = (input: Tensor): Tensor => torch.keep(input.detach().clone().requires_grad_(input.requires_grad));

/**
 * A training step (forward, backward and optimizer) that runs as one CUDA graph: it costs one call, whatever it is made of.
 *
 * The first calls run `step` as it is; the next one records it; from then on a call copies its inputs into those of the
 * recording and replays it. The numbers are those of `step` itself. Results (a tensor, or arrays and plain objects of
 * tensors) have no graph, and each call writes them anew: read them, or clone them, before the next. On the CPU every call
 * runs `step`.
 *
 * In `step`, only tensors may decide: no `item()`, no shapes that change. Optimizers need `capturable: true`, and gradients
 * must be forgotten (`zero_grad()`), not set to zero. A learning rate that will change must be a tensor: numbers are
 * recorded as they are. What `step` makes and does not return is freed.
 *
 * @example
 * const optimizer = new torch.optim.Adam(net.parameters(), { capturable: true });
 * const step = capturedStep((x: Tensor, y: Tensor) => {
 *   optimizer.zero_grad();
 *   const loss = criterion(net(x), y);
 *   loss.backward();
 *   optimizer.step();
 *   return loss;
 * });
 * for (const [x, y] of batches) step(x, y);
 * @throws ValueError for inputs of another shape, dtype or device than the recorded ones
 */
export function capturedStep<Inputs extends readonly Tensor[], Result>(
  step: (...inputs: Inputs) => Result,
  options: CapturedStepOptions = {},
): (...inputs: Inputs) => Result {
  return recordedStep(step, options, CUDA);
}

/** The same with any recorder. */
export function recordedStep<Inputs extends readonly Tensor[], Result>(
  step: (...inputs: Inputs) => Result,
  options: CapturedStepOptions,
  recorder: Recorder,
): (...inputs: Inputs) => Result {
  const { warmup = 3 } = readOptions('capturedStep', options, ['warmup']);
  if (!Number.isInteger(warmup) || warmup < 0) {
    throw new torch.ValueError(`capturedStep: warmup must be a number of calls, 0 or more, but is ${warmup}`);
  }
  let calls = 0;
  let recording: { inputs: Inputs; result: Result; replay: () => void } | undefined;
  const run = (given: Inputs): Result => torch.scope(() => mapped(step(...given), detached) as Result);
  const recorded = (inputs: Inputs): Result => {
    if (recording === undefined && calls < warmup) {
      calls++;
      return recorder.warm(() => run(inputs));
    }
    if (recording === undefined) {
      const places = inputs.map(placeFor) as unknown as Inputs;
      const made = recorder.record(() => run(places));
      mapped(made.result, torch.keep);
      recording = { inputs: places, ...made };
    } else {
      const { inputs: places } = recording;
      if (inputs.length !== places.length) {
        throw new torch.ValueError(
          `capturedStep: ${inputs.length} inputs were given, but the step was recorded with ${places.length}`,
        );
      }
      torch.no_grad(() => {
        for (const [i, input] of inputs.entries()) takeIn(places[i]!, input, i);
      });
    }
    recording.replay();
    return recording.result;
  };
  return (...inputs) => (recorder.can(inputs) ? recorder.beside(inputs, () => recorded(inputs)) : run(inputs));
}
