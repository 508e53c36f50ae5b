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
  /** Runs `body` as the recording will, but really. */
  warm<T>(body: () => T): T;
  /** Records `body` without doing its work; `replay` does it. */
  record<T>(body: () => T): { result: T; replay: () => void };
}

/** CUDA's graphs. Work before the recording runs on a stream of its own, as the recorded work does. */
const CUDA: Recorder = {
  can: (inputs) => inputs.length > 0 && inputs.every((input) => input.is_cuda),
  warm(body) {
    const side = new torch.cuda.Stream();
    side.wait_stream(torch.cuda.current_stream());
    const result = torch.cuda.stream(side, body);
    torch.cuda.current_stream().wait_stream(side);
    return result;
  },
  record(body) {
    const graph = new torch.cuda.CUDAGraph();
    const result = torch.cuda.graph(graph, body);
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

/** Keeps the tensors of a result from the ends of scopes. */
function keepEach(result: unknown): void {
  if (torch.is_tensor(result)) torch.keep(result);
  else if (typeof result === 'object' && result !== null) for (const value of Object.values(result)) keepEach(value);
}

/**
 * A training step (forward, backward and optimizer) that runs as one CUDA graph: it costs one call, whatever it is made of.
 *
 * The first calls run `step` as it is; the next one records it; from then on a call copies its inputs into those of the
 * recording and replays it. The numbers are those of `step` itself. Results are tensors that each call writes anew: read
 * them, or clone them, before the next. On the CPU every call runs `step`.
 *
 * In `step`, only tensors may decide: no `item()`, no shapes that change. Optimizers need `capturable: true`, and gradients
 * must be forgotten (`zero_grad()`), not set to zero. What `step` makes and does not return is freed.
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
  return (...inputs) => {
    const run = (): Result => torch.scope(() => step(...inputs));
    if (!recorder.can(inputs)) return run();
    if (recording === undefined && calls < warmup) {
      calls++;
      return recorder.warm(run);
    }
    if (recording === undefined) {
      const places = inputs.map((input) => torch.keep(input.detach().clone())) as unknown as Inputs;
      const recorded = recorder.record(() => torch.scope(() => step(...places)));
      keepEach(recorded.result);
      recording = { inputs: places, ...recorded };
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
}
