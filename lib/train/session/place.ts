/** Where and how a recipe's networks are trained: device, and the fast way in the place of Python's bits. */
import { autocast, bfloat16, channels_last, cuda, device as deviceNamed, is_tensor, type Tensor } from 'isotorch';
import type { KeywordsOf, Module } from 'isotorch/nn';
import { Adam } from 'isotorch/optim';
import { CUDA, type Recorder } from '../captured_step';
import { OptionError } from '../options';

type AdamParams = KeywordsOf<typeof Adam>['params'];
type AdamOptions = Omit<KeywordsOf<typeof Adam>, 'params'>;

/** The device that an option names. @throws OptionError where this machine has none */
export function deviceOf(named: string): string {
  if (named === 'auto') return cuda.is_available() ? 'cuda' : 'cpu';
  if (!/^(cpu|cuda(:\d{1,4})?)$/.test(named)) {
    throw new OptionError(`option device takes auto, cpu, cuda or cuda:N, but is ${named}.`);
  }
  if (named !== 'cpu' && (deviceNamed(named).index ?? 0) >= cuda.device_count()) {
    throw new OptionError(
      `option device: ${named} cannot be used here: ${cuda.device_count()} GPUs were found. cpu is always there.`,
    );
  }
  return named;
}

/** A result of a network in float32, so that losses are computed in it. */
function widened(result: unknown): unknown {
  if (is_tensor(result)) return result.is_floating_point() ? result.float() : result;
  return Array.isArray(result) ? result.map(widened) : result;
}

/** Device and manner of a training. */
export class Place {
  constructor(
    readonly device: string,
    /** channels_last, bfloat16 in networks, fused optimizers, and graphs of whole steps. */
    readonly fast: boolean,
    /** What records steps that are always the same work: CUDA, in the fast way on a GPU. */
    readonly recorder: Recorder | null = fast && deviceNamed(device).type === 'cuda' ? CUDA : null,
  ) {}

  /**
   * The network on the device. In the fast way its weights are channels_last, and it computes in bfloat16.
   *
   * @param others methods beside `forward` that are called from outside
   */
  network<Net extends Module>(net: Net, others: readonly (keyof Net & string)[] = []): Net {
    net.to(this.device);
    if (!this.fast) return net;
    net.to({ memory_format: channels_last });
    const { type } = deviceNamed(this.device);
    for (const name of ['forward', ...others] as const) {
      const method = (net[name as keyof Net] as (...args: unknown[]) => unknown).bind(net);
      const wide = (...args: unknown[]) => widened(autocast(type, { dtype: bfloat16 }, () => method(...args)));
      Object.defineProperty(net, name, { value: wide, configurable: true, enumerable: false });
    }
    return net;
  }

  /** Images, or whatever else, on the device. */
  tensor(values: Tensor): Tensor {
    const moved = values.to(this.device);
    return this.fast && moved.dim() === 4 ? moved.contiguous({ memory_format: channels_last }) : moved;
  }

  /** Adam, fused in the fast way. */
  adam(params: AdamParams, options: AdamOptions): Adam {
    return new Adam(params, this.fast ? { ...options, fused: true } : options);
  }
}
