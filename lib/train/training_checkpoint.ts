/**
 * Checkpoints of any training, in one call: the states of its networks, optimizers, schedulers and whatever else has one, of all
 * random streams, and counters. Python's `isotorch_checkpoint.py`, which the package holds, reads and writes the same files.
 */
import {
  copy,
  cuda,
  device,
  type DeviceLike,
  Generator,
  is_tensor,
  load,
  random,
  save,
  scope,
  type Tensor,
  tensor,
} from 'isotorch';
import { type Envelope, envelope, envelopeDifference } from 'isotorch/envelope';
import { writeInto } from 'isotorch/serialization';
import { RunFailure } from './failure';

/** What has a state: a module, an optimizer, a scheduler, a gradient scaler, an averaged model, a sampler of your own. */
export interface Stateful {
  state_dict(): unknown;
  load_state_dict(state: never): unknown;
}

/** What a training is made of, by name. */
export type TrainingObjects = Readonly<Record<string, Stateful>>;

/** Options of `loadTraining`. */
export interface LoadTrainingOptions {
  /** Where tensors go. Default: where they were. */
  map_location?: DeviceLike | null;
  /** Whether the random streams are put back, too. Default true. */
  random?: boolean;
  /** Is told, in a sentence, when the checkpoint was made under another numeric envelope. Default `console.error`. */
  say?: (sentence: string) => void;
}

const VERSION = 1;

/** The random streams, as both languages write them. */
interface Streams {
  /** States of torch's default generators by device. */
  torch: Record<string, Tensor>;
  python: ReturnType<typeof random.python.getstate>;
  numpy: [name: string, key: Tensor, pos: number, has_gauss: number, gauss: number];
}

interface Content {
  isotorch_checkpoint: number;
  objects: Record<string, unknown>;
  counters: Record<string, unknown>;
  random: Streams;
  envelope?: Partial<Envelope> | null;
}

/** Devices of the tensors in a state, as far as they have generators of their own. */
function eachDevice(value: unknown, found: Set<string>): void {
  if (is_tensor(value)) {
    if (value.device.type !== 'cpu' && value.device.type !== 'meta') found.add(String(value.device));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const item of value instanceof Map ? value.values() : Object.values(value)) eachDevice(item, found);
}

/** Devices with a random stream, the CPU first. */
function devicesOf(objects: Record<string, unknown>): Set<string> {
  const devices = new Set(['cpu']);
  eachDevice(objects, devices);
  return devices;
}

/** Whether this machine has the device. Python's helper notes the streams of all GPUs, also of those that a run did not use. */
function isHere(name: string): boolean {
  const { type, index } = device(name);
  return type !== 'cuda' || (index ?? 0) < cuda.device_count();
}

function streams(devices: Iterable<string>): Streams {
  const [name, key, pos, has_gauss, gauss] = random.numpy.get_state();
  return {
    torch: Object.fromEntries([...devices].map((name) => [name, Generator.default(name).get_state()])),
    python: random.python.getstate(),
    numpy: [name, tensor(key), pos, has_gauss, gauss],
  };
}

function restoreStreams({ torch, python, numpy }: Streams): void {
  for (const [name, state] of Object.entries(torch)) {
    if (isHere(name)) Generator.default(name).set_state(state.cpu());
  }
  random.python.setstate([...python]);
  const [, key, pos, has_gauss, gauss] = numpy;
  random.numpy.set_state(['MT19937', key.cpu().toTypedArray() as Uint32Array, pos, has_gauss, gauss]);
}

/**
 * Writes the states of `objects`, of all random streams (torch's, Python's, NumPy's) and `counters` into one file.
 *
 * It is written aside, flushed to the disk, and takes the place of the one before at once: after a crash or a power failure the file
 * is the old one or the new one.
 *
 * @param counters Plain data: the step, the position in the data, the best loss.
 * @throws TypeError naming what is neither plain data nor a tensor
 * @example
 * saveTraining('run.pt', { net, optimizer, scheduler }, { step });
 */
export function saveTraining(path: string, objects: TrainingObjects, counters: Record<string, unknown> = {}): void {
  scope(() => {
    const states = Object.fromEntries(Object.entries(objects).map(([name, each]) => [name, each.state_dict()]));
    const content: Content = {
      isotorch_checkpoint: VERSION,
      objects: states,
      counters,
      random: streams(devicesOf(states)),
      envelope: envelope(),
    };
    writeInto(path, (write) => save(content, { write }));
  });
}

function contentOf(path: string, objects: TrainingObjects, map_location: DeviceLike | null): Content {
  const content = load(path, { map_location }) as Partial<Content> | null;
  const parts: unknown[] = [content?.objects, content?.random, content?.random?.torch];
  const isWhole = parts.every((part) => typeof part === 'object' && part !== null);
  if (content?.isotorch_checkpoint !== VERSION || !isWhole) {
    throw new RunFailure(`${path} is no training checkpoint of version ${VERSION}.`);
  }
  const [there, wanted] = [Object.keys(content.objects!).sort(), Object.keys(objects).sort()];
  if (there.join('\0') !== wanted.join('\0')) {
    throw new RunFailure(`${path} has the states of ${there.join(', ')}, not of ${wanted.join(', ')}.`);
  }
  return content as Content;
}

/** Puts a state back. The types of states are their objects' own business. */
const put = (into: Stateful, state: unknown): unknown => into.load_state_dict(state as never);

/**
 * Puts the states of a checkpoint back, and returns its counters. Where one state does not fit, all objects and streams stay as
 * they were. The streams of GPUs that are not here are left out.
 *
 * @throws RunFailure for a file that is no checkpoint, or one of other objects
 * @throws ValueError naming the file and the fault, for a damaged one
 * @example
 * const { step } = loadTraining('run.pt', { net, optimizer, scheduler });
 */
export function loadTraining(
  path: string,
  objects: TrainingObjects,
  { map_location = null, random: withStreams = true, say = console.error }: LoadTrainingOptions = {},
): Record<string, unknown> {
  // Not in a scope: an object may keep the tensors that it is given.
  const content = contentOf(path, objects, map_location);
  const difference = content.envelope && envelopeDifference(content.envelope, envelope());
  const before: [Stateful, unknown][] = [];
  let drawn: Streams | undefined;
  try {
    drawn = streams(Object.keys(content.random.torch).filter(isHere));
    for (const [name, each] of Object.entries(objects)) {
      before.push([each, copy.deepcopy(each.state_dict())]);
      put(each, content.objects[name]);
    }
    if (withStreams) restoreStreams(content.random);
  } catch (cause) {
    for (const [each, state] of before.reverse()) put(each, state);
    if (drawn !== undefined) restoreStreams(drawn);
    throw new RunFailure(`${path} does not fit: ${(cause as Error).message}`, { cause });
  }
  if (difference) say(`Note: ${path} was ${difference}. The run goes on all the same.`);
  return content.counters;
}
